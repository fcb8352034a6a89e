// Examples of criteria of requests as their clients see them, and of what they make the upstream do.
import { type Answer, OUTAGE_END, OUTAGE_START, type Story, failing, healthyGemini, ok, rejected } from '../../judge/history.ts'
import { gets, keeping, story as identified } from '../answers/owners.ts'
import { elsewhere, holding } from '../upstream/holding.ts'
import { booking } from '../upstream/booking.ts'
import { spaced } from '../upstream/pacing.ts'
import { story as leaving } from '../upstream/leaving.ts'
import type { Examples } from './example.ts'

type RequestKind =
  | 'latency'
  | 'error_rate'
  | 'goodput'
  | 'failed_operations'
  | 'amplification'
  | 'fast_fail'
  | 'no_unsafe_retries'
  | 'unharmed'
  | 'back_to_baseline'
  | 'goodput_after'
  | 'restored_within'
  | 'work_ends_with_client'
  | 'effects_once'
  | 'concurrency_at_most'
  | 'pace_at_most'
  | 'identities_kept_apart'

const quiet: Story = { gemini: () => ok, breaker: [], plan: { faults: [] } }
const isAmid = (dueMs: number): boolean => dueMs >= OUTAGE_START && dueMs < OUTAGE_END
/** One request in so many goes so, and the others well. */
const oneIn = (many: number, some: Answer): Story => ({ ...quiet, gemini: (_, index) => (index % many === 0 ? some : ok) })
const slow: Answer = { ...ok, latencyMs: 800 }
const refusedAfter = (latencyMs: number): Story => ({
  gemini: (dueMs) => (healthyGemini(dueMs) === rejected ? { ...rejected, latencyMs } : healthyGemini(dueMs)),
})
/** Each request of the outage is tried so often. */
const triedInOutage = (attempts: number, perSecond: number): Story => ({
  gemini: (dueMs) => (isAmid(dueMs) ? { ...failing, attempts } : ok),
  breaker: [],
  perSecond,
})
/** assemblyai in gemini's outage. */
const bystander = (amid: (index: number) => Answer): Story => ({
  assemblyai: (dueMs, index) => (isAmid(dueMs) ? amid(index) : ok),
  perSecond: 100,
})
/** From 30 s on, 8 s after the outage. */
const later = (answer: (index: number) => Answer): Story => ({
  gemini: (dueMs, index) => (dueMs < 30_000 ? healthyGemini(dueMs) : answer(index)),
})

const someFail = (many: number): Story => oneIn(many, failing)

export const requestExamples = (): Examples<RequestKind> => ({
  latency: {
    criterion: { kind: 'latency', quantile: 0.95, outcomes: ['ok'], belowMs: 300, upstream: 'gemini' },
    pass: quiet,
    fail: { too_slow: oneIn(3, slow) },
    inconclusive: { too_few_samples: { ...quiet, perSecond: 1 }, no_samples: oneIn(1, failing) },
  },
  error_rate: {
    criterion: { kind: 'error_rate', below: 0.1 },
    pass: quiet,
    fail: { too_many_errors: someFail(2) },
    inconclusive: { too_few_samples: { ...quiet, perSecond: 0.2 } },
  },
  goodput: {
    criterion: { kind: 'goodput', outcomes: ['ok', 'fallback'], above: 0.9 },
    pass: quiet,
    fail: { too_little_goodput: someFail(2) },
    inconclusive: { too_few_samples: { ...quiet, perSecond: 0.2 } },
  },
  failed_operations: {
    criterion: { kind: 'failed_operations', below: 0.1, fallbacks: 'fail' },
    pass: quiet,
    fail: { too_many_failed_operations: oneIn(2, { ...ok, outcome: 'fallback', attempts: 0 }) },
    inconclusive: { too_few_samples: { ...quiet, perSecond: 0.2 } },
  },
  amplification: {
    criterion: { kind: 'amplification', upstream: 'gemini', during: ['outage'], below: 2 },
    pass: triedInOutage(1, 40),
    fail: { retry_storm: triedInOutage(3, 200) },
    inconclusive: { too_few_samples: triedInOutage(1, 1), no_samples: { ...quiet, gemini: () => rejected } },
  },
  fast_fail: {
    criterion: { kind: 'fast_fail', upstream: 'gemini', during: ['outage'], quantile: 0.95, belowMs: 50 },
    pass: refusedAfter(2),
    fail: { slow_rejection: refusedAfter(400) },
    inconclusive: { no_samples: quiet },
  },
  no_unsafe_retries: {
    criterion: { kind: 'no_unsafe_retries', upstream: 'gemini' },
    pass: quiet,
    fail: { unsafe_retry: oneIn(10, { ...ok, attempts: 2 }) },
    inconclusive: { no_samples: { ...quiet, gemini: () => ({ ...ok, attempts: 2, method: 'GET' }) } },
  },
  unharmed: {
    criterion: {
      kind: 'unharmed',
      upstream: 'assemblyai',
      comparedWith: 'steady',
      latencyRatio: 1.5,
      latencySlackMs: 20,
      errorRateBelow: 0.01,
    },
    pass: bystander(() => ok),
    fail: { harmed: bystander(() => ({ ...ok, latencyMs: 200 })) },
    inconclusive: { too_few_samples: bystander((index) => (index % 80 === 0 ? failing : ok)) },
  },
  back_to_baseline: {
    criterion: {
      kind: 'back_to_baseline',
      upstream: 'gemini',
      after: 'outage',
      comparedWith: 'steady',
      latencyRatio: 1.5,
      latencySlackMs: 20,
      errorRateBelow: 0.02,
    },
    pass: {},
    fail: { not_back: later(() => ({ ...ok, latencyMs: 250 })) },
    inconclusive: { too_few_samples: later((index) => (index % 50 === 0 ? failing : ok)) },
  },
  goodput_after: {
    criterion: { kind: 'goodput_after', upstream: 'gemini', after: 'outage', withinMs: 5000, comparedWith: 'steady', above: 0.9 },
    pass: {},
    fail: { stays_low: later(() => failing) },
    inconclusive: { too_few_samples: later((index) => (index % 11 === 0 ? failing : ok)) },
  },
  restored_within: {
    criterion: { kind: 'restored_within', phase: 'outage', withinMs: 5000 },
    pass: {},
    fail: { not_recovered: later(() => failing) },
    inconclusive: { fault_never_bit: { faultSeen: false } },
  },
  work_ends_with_client: {
    criterion: { kind: 'work_ends_with_client', upstream: 'gemini', withinMs: 500 },
    pass: leaving(30),
    fail: { abandoned_work: leaving(3000) },
    inconclusive: { no_samples: quiet },
  },
  effects_once: {
    criterion: { kind: 'effects_once', upstream: 'gemini' },
    pass: booking(() => 1),
    fail: { done_twice: booking((index) => (index % 40 === 0 ? 2 : 1)) },
    inconclusive: { no_samples: quiet },
  },
  concurrency_at_most: {
    criterion: { kind: 'concurrency_at_most', upstream: 'gemini', most: 3 },
    pass: holding(3),
    fail: { too_many_at_once: holding(5) },
    inconclusive: { too_few_samples: holding(2), no_samples: { ...quiet, gemini: () => elsewhere } },
  },
  pace_at_most: {
    criterion: { kind: 'pace_at_most', upstream: 'gemini', most: 1, perMs: 1000, burst: 0 },
    pass: spaced(1000),
    fail: { too_fast: spaced(300) },
    inconclusive: { too_few_samples: { ...quiet, perSecond: 1 }, no_samples: { ...quiet, gemini: () => elsewhere } },
  },
  identities_kept_apart: {
    criterion: { kind: 'identities_kept_apart' },
    pass: keeping(true),
    fail: { leaked_answer: keeping(false) },
    inconclusive: { too_few_samples: identified((index) => gets(index, index, { anonymous: true })) },
  },
})
