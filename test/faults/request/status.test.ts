import { expect, it } from 'vitest'
import { faults } from '../../../src/faults/builders.ts'
import { answerPlan, planned, problemsOf, wordsOf } from '../planned.ts'

const { status } = faults

it('answers with a status, and Retry-After as it is written', () => {
  expect(planned(status('gemini', 429, { retryAfter: '2', share: 0.3 }))).toEqual({
    made: 'request',
    fault: { is: 'status', status: 429, retryAfter: '2' },
    hits: { share: 0.3 },
  })
  expect(answerPlan(status('gemini', 429, { retryAfter: '2' })).status).toEqual({ code: 429, headers: { 'retry-after': '2' } })
  expect(answerPlan(status('gemini', 503)).status).toEqual({ code: 503, headers: {} })
})

it.each([
  [status('gemini', 503), 'answers 503'],
  [status('gemini', 429, { retryAfter: '2', share: 0.3 }), 'answers 429, Retry-After 2, 30 % of requests'],
  [status('gemini', 503, { every: 20, attempts: 1 }), 'answers 503, 1 request in 20, only the first attempt'],
])('%j reads as "%s"', (fault, words) => expect(wordsOf(fault)).toBe(words))

it('refuses what is no status, and a header that cannot be sent', () => {
  expect(problemsOf(status('gemini', 99))).toEqual([expect.stringMatching(/^faults\[0\]\.status: .*got 99$/)])
  expect(problemsOf(status('gemini', 503, { retryAfter: '1\r\nx: y' }))).toEqual([expect.stringContaining('printable ASCII')])
})
