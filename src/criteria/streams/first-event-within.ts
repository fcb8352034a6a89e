// streams('gemini').firstEventWithin('1s'): from due to the first event, at a quantile. A stream that ended without an event, and a
// request that was given up before its answer began, count as long as the load waits for an answer.
import { countFrom } from '../../evidence/latency-histogram.ts'
import { mergeLatencies } from '../../evidence/merge-latencies.ts'
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import { quantile, span } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne, quantileLevel, spanMs } from '../writing/fields.ts'
import { quantileWithoutDelay } from '../measure/excuse.ts'
import { doubtMissing, missingIn } from '../measure/gaps/missing.ts'
import { windowOf } from '../measure/scope.ts'
import { unprovableLatency } from '../measure/statistics/provable.ts'
import { judgeQuantile } from '../measure/statistics/quantile.ts'
import { rateResult } from '../measure/statistics/rate.ts'
import { samplesFor } from '../measure/statistics/sample-size.ts'
import { type StreamScope, streamsIn } from './streams-in.ts'

export const firstEventWithin = criterionType({
  kind: 'first_event_within',
  doc: {
    written: "streams('gemini').firstEventWithin('1s')",
    demands: 'The first event of a stream comes soon: the p95 of the time from due lies below the limit.',
    over: 'named',
    counts: 'Streams for this upstream; one without an event counts as long as the load waited.',
    samples: '59',
    undecided: 'Too few streams, or missing requests could change the result.',
  },
  fields: { ...ofOne, quantile: quantileLevel, withinMs: spanMs },
  build: {
    /** `at`: which quantile (0–1) of the streams is held to the limit; without this: 0.95. */
    firstEventWithin:
      (scope: StreamScope) =>
      (limit: Duration, { at = 0.95 }: { at?: number } = {}): WrittenCriterion =>
        written({ kind: 'first_event_within', ...scope, quantile: at, withinMs: parseDuration(limit) }),
  },
  relation: 'below',
  breaker: 'none',
  causes: ['late_events'],
  sentence: (criterion) =>
    `${quantile(criterion.quantile)} of the first event of ${criterion.upstream}'s streams${inPhases(criterion.during)} is below ${span(criterion.withinMs)}`,
  phases: named,
  needs: (criterion) => samplesFor(criterion.quantile),
  badShare: (criterion) => 1 - criterion.quantile,
  check: ({ withinMs }, { load }) => [
    ...(withinMs > load.timeoutMs
      ? [{ message: `cannot fail: requests are given up after ${span(load.timeoutMs)}; set \`load.timeout\` above ${span(withinMs)}` }]
      : []),
    ...unprovableLatency(withinMs),
  ],

  judge({ upstream, withinMs, ...criterion }, run) {
    const window = windowOf(run.plan, criterion.during)
    const scope = { upstream, phases: window.phases }
    const cells = streamsIn(run, scope)
    const eventless = cells.map((cell) => cell.eventless)
    const felt = mergeLatencies([...cells.map(({ firstEvent }) => firstEvent), ...eventless])
    const atMost = { good: 'below', limit: 1 - criterion.quantile } as const
    const missing = felt.totalCount === 0 ? 0 : missingIn(run, scope)
    return doubtMissing(
      {
        ...judgeQuantile(felt, { quantile: criterion.quantile, belowMs: withinMs, cause: 'late_events', what: 'streamed' }),
        window,
        withoutHarnessDelay: (delay) =>
          quantileWithoutDelay(
            mergeLatencies([...cells.map(({ firstEventService }) => firstEventService), ...eventless]),
            { quantile: criterion.quantile, belowMs: withinMs },
            delay,
          ),
      },
      missing,
      () => rateResult(countFrom(felt, withinMs) + missing, felt.totalCount + missing, atMost),
    )
  },
})
