// Examples of criteria of fallbacks.
import type { fallbackCriteria } from '../../../src/criteria/fallbacks/fallbacks.ts'
import { failing } from '../../judge/history.ts'
import { fresh, keeping, kept, newest, old } from '../fallbacks/kept.ts'
import type { Examples } from './example.ts'

const fallback = kept(newest)
const disguised = kept(newest, { outcome: 'ok' })
const none = keeping(() => failing)
/** One request in so many fails, and the others get a fallback. */
const failsOnceIn = (many: number) => keeping((_, index) => (index % many === 0 ? failing : fallback))

export const fallbackExamples = (): Examples<keyof typeof fallbackCriteria> => ({
  fallbacks_above: {
    criterion: { kind: 'fallbacks_above', upstream: 'gemini', during: ['outage'], above: 0.9 },
    pass: keeping(() => fallback),
    fail: { too_few_fallbacks: failsOnceIn(3) },
    inconclusive: { too_few_samples: failsOnceIn(16) },
  },
  fallbacks_below: {
    criterion: { kind: 'fallbacks_below', upstream: 'gemini', during: ['recovery'], below: 0.05 },
    pass: keeping(() => fallback),
    fail: {
      too_many_fallbacks: keeping(
        () => fallback,
        () => fallback,
      ),
    },
    inconclusive: {
      too_few_samples: keeping(
        () => fallback,
        (dueMs, index) => (index % 22 === 0 ? fallback : fresh(dueMs)),
      ),
    },
  },
  fallbacks_marked: {
    criterion: { kind: 'fallbacks_marked', upstream: 'gemini' },
    pass: keeping(() => fallback),
    fail: { fallback_unmarked: keeping((_, index) => (index % 10 === 0 ? disguised : fallback)) },
    inconclusive: { no_samples: none },
  },
  fallbacks_fresh: {
    criterion: { kind: 'fallbacks_fresh', upstream: 'gemini', oldestMs: 12_000 },
    pass: keeping(() => fallback),
    fail: { fallback_too_old: keeping((dueMs) => (dueMs > 20_000 ? kept(old) : fallback)) },
    inconclusive: { no_samples: keeping((_, index) => kept(index % 4 ? newest : 'static')) },
  },
})
