// retries('gemini').spacedAtLeast('100ms'): after a failed attempt the gateway waits before it tries the same request again.
//
//   attempt ─▶ 503 ◀──── gap ────▶ attempt      from the end of the one to the arrival of the next
//
// Attempts that overlap are hedged, or were given up without an end: no wait between them can be told.
import { countFrom, leastSpanAtRank } from '../../evidence/latency-histogram.ts'
import { mergeLatencies } from '../../evidence/merge-latencies.ts'
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import type { Ms } from '../../kernel/clock.ts'
import { beside, plural, span } from '../../kernel/wording.ts'
import { isExpected } from '../../plan/expectations.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne, spanMs } from '../writing/fields.ts'
import { failuresOf, hiddenRetries, retriesIn, shortWithoutDelay, waitSlack, whyUntimed } from '../measure/retries.ts'
import { windowOf } from '../measure/scope.ts'

export const spacedAtLeast = criterionType({
  kind: 'retries_spaced',
  doc: {
    written: "retries('gemini').spacedAtLeast('100ms')",
    demands: 'After a failed attempt the gateway waits so long before the next one of the same request.',
    over: 'named',
    counts: 'Pairs of a failed attempt and the next one, from the end of the one to the arrival of the other.',
    samples: 'one retry',
    undecided: 'Nothing was tried again, or attempts overlap, so that no wait can be told.',
  },
  fields: { ...ofOne, leastMs: spanMs },
  build: {
    /** At least this long passes from the end of a failed attempt to the next attempt of the same request. */
    spacedAtLeast:
      (scope: { upstream: string; during?: string[] }) =>
      (least: Duration): WrittenCriterion =>
        written({ kind: 'retries_spaced', ...scope, leastMs: parseDuration(least) }),
  },
  relation: 'at_least',
  breaker: 'none',
  causes: ['retried_early'],
  sentence: ({ upstream, during, leastMs }) =>
    `retries at ${upstream}${inPhases(during)} come at least ${span(leastMs)} after what they repeat`,
  phases: named,
  needs: () => 1,

  judge({ upstream, leastMs, during }, run) {
    const window = windowOf(run.plan, during)
    const scope = { upstream, phases: window.phases }
    const seen = retriesIn(run.evidence, scope)
    // A gateway may ask the same twice to answer one request: what follows a good answer is no retry.
    const gaps = mergeLatencies(seen.ended.filter(({ status }) => status === 0 || status >= 400).map((each) => each.gaps))
    const n = gaps.totalCount
    const soonest = n === 0 ? null : leastSpanAtRank(gaps, 1)
    const base = { n, measured: soonest, interval: null, bound: leastMs, unit: 'ms', window } as const
    const countShorterBy = (slackMs: Ms): number => n - countFrom(gaps, leastMs - waitSlack(leastMs) - slackMs)
    const early = countShorterBy(0)
    const promised = `promised ${span(leastMs)}`
    if (early > 0) {
      const why = `${plural(early, 'retry', 'retries')} of ${n} came too soon, the soonest after ${beside(soonest!, leastMs, span)}, ${promised}`
      return {
        ...base,
        result: 'fail',
        cause: 'retried_early',
        witnessed: true,
        withoutHarnessDelay: shortWithoutDelay(countShorterBy),
        why,
      }
    }
    const doubt = hiddenRetries(run, scope)
    if (doubt) return { ...base, result: 'inconclusive', ...doubt }
    const untimed = whyUntimed(run, scope)
    if (untimed !== undefined) return { ...base, result: 'inconclusive', cause: 'attempts_unseen', why: untimed }
    const blurred = seen.swallowed + seen.late + (isExpected(run.plan.gateway, upstream, 'hedge') ? 0 : seen.overlapped)
    if (blurred > 0) {
      const why = `${plural(blurred, 'attempt')} began before the one before was seen to end, so nobody knows how long the gateway waited`
      return { ...base, result: 'inconclusive', cause: 'attempts_unseen', why }
    }
    if (n === 0) {
      const failures = failuresOf(seen)
      const why =
        failures === 0 ? `nothing failed at ${upstream}` : `${plural(failures, 'attempt')} failed at ${upstream}, and none was tried again`
      return { ...base, result: 'inconclusive', cause: 'no_samples', ...(failures > 0 && { absent: 'retry' }), why }
    }
    return {
      ...base,
      result: 'pass',
      why: `${plural(n, 'retry', 'retries')}, the soonest after ${beside(soonest!, leastMs, span)}, ${promised}`,
    }
  },
})
