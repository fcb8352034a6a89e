// Examples of criteria of retries.
import type { retryCriteria } from '../../../src/criteria/retries/retries.ts'
import { type Story, ok } from '../../judge/history.ts'
import { answered, call, inOutage, reading } from '../retries/calls.ts'
import type { Examples } from './example.ts'

const untroubled: Story = { gemini: () => ok, breaker: [] }
const tried = (...statuses: number[]): Story => inOutage(call(answered(statuses, 100)))
const toldToWait = (waitMs: number): Story =>
  inOutage(
    call([
      { afterMs: 1, lastsMs: 10, status: 429, retryAfterMs: 1000 },
      { afterMs: waitMs, lastsMs: 10, status: 200 },
    ]),
  )
// The second attempt begins while the first one lasts.
const hedged = inOutage(
  call([
    { afterMs: 1, lastsMs: 60, status: 200 },
    { afterMs: -40, lastsMs: 30, status: 200 },
  ]),
)

export const retryExamples = (): Examples<keyof typeof retryCriteria> => ({
  attempts_at_most: {
    criterion: { kind: 'attempts_at_most', upstream: 'gemini', most: 3 },
    pass: tried(503, 503, 503),
    fail: { too_many_attempts: tried(503, 503, 503, 503) },
    inconclusive: { no_samples: untroubled },
  },
  attempts_reach: {
    criterion: { kind: 'attempts_reach', upstream: 'gemini', least: 3 },
    pass: reading(call(answered([503, 503, 503], 100))),
    fail: { gave_up_early: reading(call(answered([503, 503], 100))) },
    inconclusive: { no_samples: reading(call(answered([503, 200], 100))) },
  },
  retries_spaced: {
    criterion: { kind: 'retries_spaced', upstream: 'gemini', leastMs: 100 },
    pass: inOutage(call(answered([503, 503, 200], 130))),
    fail: { retried_early: inOutage(call(answered([503, 503, 200], 2))) },
    inconclusive: { no_samples: untroubled, attempts_unseen: hedged },
  },
  retry_after_honoured: {
    criterion: { kind: 'retry_after_honoured', upstream: 'gemini' },
    pass: toldToWait(1200),
    fail: { retried_early: toldToWait(100) },
    inconclusive: { no_samples: tried(429, 200) },
  },
  no_retry_after: {
    criterion: { kind: 'no_retry_after', upstream: 'gemini', statuses: [400, 404] },
    pass: tried(404),
    fail: { retried_in_vain: tried(404, 404) },
    inconclusive: { no_samples: untroubled },
  },
})
