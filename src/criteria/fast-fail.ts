// How fast the gateway answers for an upstream that it does not call. A rejection is made by an open breaker and by nothing else;
// a fallback may also follow a slow failure, so only those due while the breaker was open all along are counted.
import { latenciesWithin } from '../evidence/time-series.ts'
import { mergeLatencies } from '../evidence/latency-histogram.ts'
import { minimumSamples } from './sample-size.ts'
import { spells } from './measure/breaker-history.ts'
import type { Rule } from './ruling.ts'
import { latenciesIn, requestsIn, windowOf } from './measure/scope.ts'
import { judgeQuantile, quantileResult } from './latency.ts'

export const fastFail: Rule<'fast_fail'> = (criterion, { plan, evidence }) => {
  const { upstream, during, quantile, belowMs } = criterion
  const window = windowOf(plan, during)
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
  const limit = { quantile, belowMs, needed: minimumSamples(criterion), cause: 'slow_rejection', what: 'refused' } as const
  return {
    ...judgeQuantile(refused, limit),
    window,
    unhurried: ({ saturated, latestMs, stallMs }) =>
      saturated ? 'inconclusive' : quantileResult(refused, quantile, belowMs + latestMs + stallMs),
  }
}
