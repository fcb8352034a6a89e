import { expect, it } from 'vitest'
import { GatecrashError, errorTable, problemsError } from '../../src/kernel/errors.ts'

it('carries a stable code, plain data and the cause', () => {
  const cause = new Error('EADDRINUSE')
  const error = new GatecrashError('port_taken', 'port 80 is in use', { data: { port: 80 }, cause })
  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({ name: 'GatecrashError', code: 'port_taken', data: { port: 80 }, cause })
})

it('has no cause where none was given', () => {
  expect('cause' in new GatecrashError('internal', 'x')).toBe(false)
})

it('explains every code in one sentence', () => {
  const sentences = Object.values(errorTable)
  expect(sentences.length).toBeGreaterThan(5)
  expect(sentences.filter((sentence) => !/^[A-Z].*\.$/.test(sentence))).toEqual([])
})

it('lists all problems of one input, aligned', () => {
  const problems = [
    { path: 'phases[1].duration', message: 'must be above 0, got "-5s"' },
    { path: 'seed', message: 'must be an integer, got "x"' },
  ]
  const error = problemsError('invalid_scenario', 'scenarios/brownout.ts', problems)
  expect(error.message.split('\n')).toEqual([
    'scenarios/brownout.ts: 2 problems',
    '  phases[1].duration  must be above 0, got "-5s"',
    '  seed                must be an integer, got "x"',
  ])
  expect(error.data).toEqual({ problems })
})

it('counts a single problem as one', () => {
  expect(problemsError('invalid_config', 'gateway.json', [{ path: 'port', message: 'is missing' }]).message).toMatch(
    /^gateway\.json: 1 problem$/m,
  )
})
