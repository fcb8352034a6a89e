import { expect, it } from 'vitest'
import { faults } from '../../../src/faults/builders.ts'
import { answerPlan, problemsOf, requestFault, wordsOf } from '../planned.ts'

const { latency } = faults

it.each([
  ['2s', { is: 'fixed', ms: 2000 }, 'adds 2 s'],
  [250, { is: 'fixed', ms: 250 }, 'adds 250 ms'],
  [{ min: '100ms', max: '300ms' }, { is: 'uniform', minMs: 100, maxMs: 300 }, 'adds 100 ms to 300 ms'],
  [{ median: '800ms', sigma: 0.5 }, { is: 'log_normal', medianMs: 800, sigma: 0.5 }, 'adds about 800 ms'],
] as const)('%j is planned in milliseconds, and its plan is accepted as it is', (written, ms, words) => {
  const fault = requestFault(latency('gemini', written))
  expect(fault).toEqual({ is: 'latency', latency: ms })
  expect(requestFault({ made: 'request', upstream: 'gemini', fault, hits: {} })).toEqual(fault)
  expect(wordsOf(latency('gemini', written))).toBe(words)
})

it('adds up with other latencies', () => {
  expect(answerPlan(latency('gemini', '1s'), latency('gemini', { min: '0ms', max: '1s' })).delayMs).toBe(1500)
})

it.each([
  ['soon', 'not a duration: "soon"'],
  ['2h', 'must be at most an hour'],
  [{ min: '3s', max: '1s' }, 'min must not be above max'],
  [{ median: '1s', sigma: -1 }, 'latency.sigma'],
])('refuses %j and says why', (span, told) => {
  expect(problemsOf(latency('gemini', span))).toEqual([expect.stringContaining(told)])
})
