// fastFail('gemini').during('outage').below('50ms'): how fast the gateway answers for an upstream that it does not call.
//
// Only an open breaker makes a rejection. A fallback may also follow a slow failure, so the fallbacks counted are those of requests
// that were due while the breaker was open.
import { latenciesWithin } from '../evidence/time-series.ts'
import { mergeLatencies } from '../evidence/latency-histogram.ts'
import { type Duration, parseDuration } from '../kernel/duration.ts'
import { quantile, span } from '../kernel/wording.ts'
import { type WrittenCriterion, written } from './call-site.ts'
import { criterionType } from './criterion-type.ts'
import { inPhases, named, ofOne, quantileLevel, spanMs } from './fields.ts'
import { spells } from './measure/breaker-history.ts'
import { unprovableLatency } from './measure/provable.ts'
import { judgeQuantile, quantileResult } from './measure/quantile.ts'
import { samplesFor } from './measure/sample-size.ts'
import { latenciesIn, requestsIn, windowOf } from './measure/scope.ts'
import { type UpstreamRef, during, nameOf } from './notation.ts'

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
  fields: { ...ofOne, quantile: quantileLevel, belowMs: spanMs },
  build: { fastFail: (of: UpstreamRef): FastFailCriterion => build(of) },
  relation: 'below',
  breaker: 'needed',
  causes: ['slow_rejection'],
  sentence: (criterion) =>
    `${quantile(criterion.quantile)} of what ${criterion.upstream}'s open breaker refuses${inPhases(criterion.during)} is below ${span(criterion.belowMs)}`,
  phases: named,
  needs: (criterion) => samplesFor(criterion.quantile),
  check: ({ belowMs }) => unprovableLatency(belowMs),

  judge({ upstream, belowMs, ...criterion }, { plan, evidence }) {
    const window = windowOf(plan, criterion.during)
    const rejected = latenciesIn(requestsIn(evidence, { upstream, phases: window.phases }), ['rejected'], 'latency')
    const phases = plan.phases.filter(({ name }) => window.phases.includes(name))
    const answered = spells(evidence, upstream)
      .filter((spell) => spell.state === 'open')
      .flatMap((spell) =>
        phases.map(({ startMs, endMs }) =>
          latenciesWithin(evidence.series, upstream, 'fallback', Math.max(spell.fromMs, startMs), Math.min(spell.toMs, endMs)),
        ),
      )
    const refused = mergeLatencies([rejected, ...answered])
    return {
      ...judgeQuantile(refused, { quantile: criterion.quantile, belowMs, cause: 'slow_rejection', what: 'refused' }),
      window,
      withoutHarnessDelay: ({ saturated, latestMs, stallMs }) =>
        saturated ? 'inconclusive' : quantileResult(refused, criterion.quantile, belowMs + latestMs + stallMs),
    }
  },
})
