// fallbacks('gemini').noOlderThan('60s'): what a fallback holds was sent by the upstream no longer ago than this.
import { countFrom, spanAtQuantile } from '../../evidence/latency-histogram.ts'
import { mergeLatencies } from '../../evidence/merge-latencies.ts'
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import type { Ms } from '../../kernel/clock.ts'
import { beside, plural, span } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne, spanMs } from '../writing/fields.ts'
import { fallbacksIn } from '../measure/fallbacks.ts'
import { windowOf } from '../measure/scope.ts'

// Caches count whole seconds (RFC 9111 §1.2.2), and ages are kept within 1 %.
const SLACK: Ms = 1000
const PRECISION = 0.01

export const noOlderThan = criterionType({
  kind: 'fallbacks_fresh',
  doc: {
    written: "fallbacks('gemini').noOlderThan('60s')",
    demands: 'What a fallback holds was sent by the upstream no longer ago than this.',
    over: 'named',
    counts: 'Fallbacks whose body the upstream had sent.',
    samples: 'one such fallback',
    undecided: 'No fallback held a body that the upstream had sent.',
  },
  fields: { ...ofOne, oldestMs: spanMs },
  build: {
    /** No fallback holds what the upstream sent longer ago than this. */
    noOlderThan:
      (scope: { upstream: string; during?: string[] }) =>
      (oldest: Duration): WrittenCriterion =>
        written({ kind: 'fallbacks_fresh', ...scope, oldestMs: parseDuration(oldest) }),
  },
  relation: 'at_most',
  breaker: 'none',
  causes: ['fallback_too_old'],
  sentence: ({ upstream, during, oldestMs }) => `no fallback for ${upstream}${inPhases(during)} is older than ${span(oldestMs)}`,
  phases: named,
  needs: () => 1,
  asks: ['plain_bodies'],

  judge({ upstream, oldestMs, during }, run) {
    const window = windowOf(run.plan, during)
    const { marked, unmarked } = fallbacksIn(run, { upstream, phases: window.phases })
    const ages = mergeLatencies([marked.ages, unmarked.ages])
    const all = marked.count + unmarked.count
    const oldest = spanAtQuantile(ages, 1)
    const base = { n: ages.totalCount, measured: oldest, interval: null, bound: oldestMs, unit: 'ms', window } as const
    const old = countFrom(ages, oldestMs * (1 + PRECISION) + SLACK)
    const promised = `promised ${span(oldestMs)}`
    if (old > 0) {
      const why = `${plural(old, 'fallback')} of ${ages.totalCount} held an older answer, the oldest of ${span(oldest!)}, ${promised}`
      return { ...base, result: 'fail', cause: 'fallback_too_old', witnessed: true, why }
    }
    if (all === 0)
      return { ...base, result: 'inconclusive', cause: 'no_samples', absent: 'fallback', why: `no request for ${upstream} got a fallback` }
    if (ages.totalCount < all) {
      const why = `${plural(all - ages.totalCount, 'fallback')} of ${all} held what no upstream sent in this run, so nobody knows how old it is`
      return { ...base, result: 'inconclusive', cause: 'no_samples', why }
    }
    return { ...base, result: 'pass', why: `${plural(all, 'fallback')}, the oldest of ${beside(oldest!, oldestMs, span)}, ${promised}` }
  },
})
