// fastFail('gemini').during('outage').below('50ms'): how fast the gateway answers for an upstream that it does not call.
//
// Counted is what was due while the breaker was open, and did not reach the upstream: marked as rejected, a fallback, or an unmarked
// error. Who shares the call of another is none of these. What was due before may have failed, waited for its retry, and been refused only then.
import { arrivalsWithin, latenciesWithin } from '../evidence/time-series.ts'
import type { Latencies } from '../evidence/latency-histogram.ts'
import { mergeLatencies } from '../evidence/merge-latencies.ts'
import { type Duration, parseDuration } from '../kernel/duration.ts'
import { quantile, span } from '../kernel/wording.ts'
import { type WrittenCriterion, written } from './writing/call-site.ts'
import { criterionType } from './criterion-type.ts'
import { inPhases, named, ofOne, quantileLevel, spanMs } from './writing/fields.ts'
import { eventsProblem } from './measure/breaker/breaker-account.ts'
import { spells, transitionsOf } from './measure/breaker/breaker-history.ts'
import { flowOf, isJoined } from './measure/breaker/traffic.ts'
import { quantileWithoutDelay } from './measure/excuse.ts'
import { unprovableLatency } from './measure/statistics/provable.ts'
import { judgeQuantile } from './measure/statistics/quantile.ts'
import { samplesFor } from './measure/statistics/sample-size.ts'
import { latenciesIn, requestsIn, windowOf } from './measure/scope.ts'
import { type UpstreamRef, during, nameOf } from './writing/notation.ts'
import type { Case } from './finding/raw-finding.ts'

export interface FastFailCriterion {
  during(...phases: string[]): FastFailCriterion
  /** Which quantile (0–1) of the refusals is held to the limit; without this: 0.95. */
  at(quantile: number): FastFailCriterion
  /** Latency of what did not reach the upstream while its breaker was open. */
  below(limit: Duration): WrittenCriterion
}

function build(of: UpstreamRef, phases: readonly string[] = [], at = 0.95): FastFailCriterion {
  return {
    during: (...names) => build(of, names, at),
    at: (other) => build(of, phases, other),
    below: (limit) => written({ kind: 'fast_fail', upstream: nameOf(of), ...during(phases), quantile: at, belowMs: parseDuration(limit) }),
  }
}

export const fastFail = criterionType({
  kind: 'fast_fail',
  doc: {
    written: "fastFail('gemini').during('outage').below('50ms')",
    demands: 'Refusals of an open breaker come quickly: the p95 of their latency lies below the limit.',
    over: 'named',
    counts:
      'Requests that were due while the breaker was surely open and did not reach the upstream: rejected, answered by a fallback, or an unmarked error.',
    samples: '59',
    undecided: 'Too few requests were refused while the breaker was open.',
  },
  fields: { ...ofOne, quantile: quantileLevel, belowMs: spanMs },
  build: { fastFail: (of: UpstreamRef): FastFailCriterion => build(of) },
  relation: 'below',
  breaker: 'needed',
  causes: ['slow_rejection'],
  sentence: (criterion) =>
    `${quantile(criterion.quantile)} of what ${criterion.upstream}'s open breaker refuses${inPhases(criterion.during)} is below ${span(criterion.belowMs)}`,
  phases: named,
  needs: (criterion) => samplesFor(criterion.quantile),
  badShare: (criterion) => 1 - criterion.quantile,
  check: ({ belowMs }) => unprovableLatency(belowMs),

  judge({ upstream, belowMs, ...criterion }, run) {
    const window = windowOf(run.plan, criterion.during)
    const refused = refusedWhileOpen(run, upstream, window.phases)
    return {
      ...judgeQuantile(refused, { quantile: criterion.quantile, belowMs, cause: 'slow_rejection', what: 'refused' }),
      window,
      ...(refused.totalCount === 0 && transitionsOf(run.evidence, upstream).length === 0 && { absent: 'breaker' }),
      withoutHarnessDelay: (delay) =>
        quantileWithoutDelay(refused, { quantile: criterion.quantile, belowMs }, delay, Math.ceil(refused.totalCount * delay.lateShare)),
    }
  },
})

/** What ends a request that an open breaker keeps from the upstream. An error may also be the upstream's own. */
const refusals = ['rejected', 'fallback', 'upstream_error'] as const

function refusedWhileOpen(run: Case, upstream: string, phases: readonly string[]): Latencies {
  const { plan, evidence } = run
  const { series } = evidence
  // An account with gaps does not tell when the breaker was open. Rejections are its doing in any case.
  if (eventsProblem(run, upstream) !== undefined) return latenciesIn(requestsIn(evidence, { upstream, phases }), ['rejected'], 'latency')
  // Of what traffic tells, only what is sure: a request that waits for a probe is no refused one.
  const open = spells(evidence, upstream).flatMap(({ state, fromMs, toMs, slackMs }, at, all) =>
    state === 'open' ? [{ fromMs: fromMs + slackMs, toMs: toMs - (all[at + 1]?.slackMs ?? 0) }] : [],
  )
  const within = plan.phases.filter(({ name }) => phases.includes(name))
  const spans = open.flatMap((spell) =>
    within.map(({ startMs, endMs }) => ({ fromMs: Math.max(spell.fromMs, startMs), toMs: Math.min(spell.toMs, endMs) })),
  )
  return mergeLatencies(
    spans.flatMap(({ fromMs, toMs }) => {
      if (isJoined(run, upstream)) {
        const [first, end] = [Math.ceil(fromMs / series.bucketMs), Math.floor(toMs / series.bucketMs)]
        return flowOf(evidence, upstream)
          .keptLatencies.slice(first, Math.max(first, end))
          .filter((part) => part !== null)
      }
      const { count } = arrivalsWithin(series, upstream, fromMs, toMs)
      const unmarked = count === 0 ? refusals : refusals.slice(0, 2)
      return unmarked.map((outcome) => latenciesWithin(series, upstream, outcome, fromMs, toMs))
    }),
  )
}
