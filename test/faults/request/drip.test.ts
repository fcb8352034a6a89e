import { expect, it } from 'vitest'
import { faults } from '../../../src/faults/builders.ts'
import { answerPlan, problemsOf, requestFault, wordsOf } from '../planned.ts'

const { drip } = faults

it('sends the body in pieces, some time apart', () => {
  const fault = requestFault(drip('gemini', 10, '200ms'))
  expect(fault).toEqual({ is: 'drip', pieces: 10, intervalMs: 200 })
  expect(requestFault({ made: 'request', upstream: 'gemini', fault, hits: {} })).toEqual(fault)
  expect(answerPlan(drip('gemini', 10, '200ms')).drip).toEqual({ pieces: 10, intervalMs: 200 })
  expect(wordsOf(drip('gemini', 10, '200ms'))).toBe('drips 10 pieces, 200 ms apart')
})

it('refuses no pieces, and a span that cannot be read', () => {
  expect(problemsOf(drip('gemini', 0, 'soon'))).toEqual([
    expect.stringContaining('pieces'),
    expect.stringContaining('not a duration: "soon"'),
  ])
})
