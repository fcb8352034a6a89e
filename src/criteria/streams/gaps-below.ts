// streams('gemini').gapsBelow('2s'): the longest time that a stream went without an event, at a quantile. A stream that stalls must be
// given up as soon; comments that keep it alive are no events.
import { mergeLatencies } from '../../evidence/merge-latencies.ts'
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import { quantile, span } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne, quantileLevel, spanMs } from '../writing/fields.ts'
import { quantileWithoutDelay } from '../measure/excuse.ts'
import { windowOf } from '../measure/scope.ts'
import { unprovableLatency } from '../measure/statistics/provable.ts'
import { judgeQuantile } from '../measure/statistics/quantile.ts'
import { samplesFor } from '../measure/statistics/sample-size.ts'
import { type StreamScope, streamsIn } from './streams-in.ts'

export const gapsBelow = criterionType({
  kind: 'gaps_below',
  doc: {
    written: "streams('gemini').gapsBelow('2s')",
    demands: 'Streams do not stall: the p95 of their longest gap lies below the limit.',
    over: 'named',
    counts: 'The longest time without an event of each stream; comments are no events.',
    samples: '59',
    undecided: 'Too few streams.',
  },
  fields: { ...ofOne, quantile: quantileLevel, belowMs: spanMs },
  build: {
    /** `at`: which quantile (0–1) of the streams is held to the limit; without this: 0.95. */
    gapsBelow:
      (scope: StreamScope) =>
      (limit: Duration, { at = 0.95 }: { at?: number } = {}): WrittenCriterion =>
        written({ kind: 'gaps_below', ...scope, quantile: at, belowMs: parseDuration(limit) }),
  },
  relation: 'below',
  breaker: 'none',
  causes: ['late_events'],
  sentence: (criterion) =>
    `${quantile(criterion.quantile)} of the longest gap of ${criterion.upstream}'s streams${inPhases(criterion.during)} is below ${span(criterion.belowMs)}`,
  phases: named,
  needs: (criterion) => samplesFor(criterion.quantile),
  badShare: (criterion) => 1 - criterion.quantile,
  check: ({ belowMs }) => unprovableLatency(belowMs),

  judge({ upstream, belowMs, ...criterion }, run) {
    const window = windowOf(run.plan, criterion.during)
    const gaps = mergeLatencies(streamsIn(run, { upstream, phases: window.phases }).map((cell) => cell.gaps))
    return {
      ...judgeQuantile(gaps, { quantile: criterion.quantile, belowMs, cause: 'late_events', what: 'streamed' }),
      window,
      withoutHarnessDelay: (delay) => quantileWithoutDelay(gaps, { quantile: criterion.quantile, belowMs }, delay),
    }
  },
})
