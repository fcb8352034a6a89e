// p95().of('gemini').during('steady').below('300ms'): the quantile of latency over requests of the given outcomes, from due.
import { countFrom } from '../evidence/latency-histogram.ts'
import { type Outcome, outcomeNames } from '../contract/outcome.ts'
import { type Duration, parseDuration } from '../kernel/duration.ts'
import { quantile, span } from '../kernel/wording.ts'
import { type WrittenCriterion, written } from './writing/call-site.ts'
import { criterionType } from './criterion-type.ts'
import { type Scope, counting, inPhases, named, ofAny, ofUpstream, outcomes, quantileLevel, spanMs } from './writing/fields.ts'
import { quantileWithoutDelay } from './measure/excuse.ts'
import { unprovableLatency } from './measure/statistics/provable.ts'
import { doubtMissing, missingIn } from './measure/gaps/missing.ts'
import { judgeQuantile, withUnknown } from './measure/statistics/quantile.ts'
import { rateResult } from './measure/statistics/rate.ts'
import { samplesFor } from './measure/statistics/sample-size.ts'
import { latenciesIn, requestsIn, windowOf } from './measure/scope.ts'
import { doubtUnsupported, spoiledIn, unsupportedIn } from './measure/gaps/unsupported-answers.ts'
import { type UpstreamRef, during, nameOf } from './writing/notation.ts'

export interface LatencyCriterion {
  /** Only requests to this upstream. */
  of(upstream: UpstreamRef): LatencyCriterion
  /** Only requests due in these phases. */
  during(...phases: string[]): LatencyCriterion
  /** Which outcomes are timed; without this: ok alone, so that quick rejections do not flatter it. */
  counting(...outcomes: Outcome[]): LatencyCriterion
  /** Latency counts from the time a request was due. */
  below(limit: Duration): WrittenCriterion
}

function build(at: number, scope: Scope = {}, timed: Outcome[] = ['ok']): LatencyCriterion {
  return {
    of: (upstream) => build(at, { ...scope, upstream: nameOf(upstream) }, timed),
    during: (...phases) => build(at, { ...scope, ...during(phases) }, timed),
    counting: (...counted) => build(at, scope, counted),
    below: (limit) => written({ kind: 'latency', quantile: at, outcomes: timed, belowMs: parseDuration(limit), ...scope }),
  }
}

export const latency = criterionType({
  kind: 'latency',
  doc: {
    written: "p95().during('steady').below('300ms')",
    demands: 'The quantile of latency lies below the limit: a 95 % confidence bound of it does.',
    over: 'named',
    counts:
      'Requests that ended ok, or with the outcomes that `counting` names; latency runs from when a request was due. `of` takes those for one upstream alone.',
    samples: '59 for a p95, 299 for a p99',
    undecided: 'The confidence bounds lie on both sides of the limit, or missing requests could change the result.',
  },
  fields: { quantile: quantileLevel, outcomes, belowMs: spanMs, ...ofAny },
  build: {
    p50: (): LatencyCriterion => build(0.5),
    p95: (): LatencyCriterion => build(0.95),
    p99: (): LatencyCriterion => build(0.99),
  },
  relation: 'below',
  breaker: 'none',
  causes: ['too_slow'],
  sentence: (criterion) =>
    `${quantile(criterion.quantile)}${ofUpstream(criterion.upstream)}${inPhases(criterion.during)} is below ${span(criterion.belowMs)}${counting(criterion.outcomes)}`,
  phases: named,
  needs: (criterion) => samplesFor(criterion.quantile),
  badShare: (criterion) => 1 - criterion.quantile,
  latencyBound: (criterion) => ({
    quantile: criterion.quantile,
    outcomes: criterion.outcomes,
    belowMs: criterion.belowMs,
    ...(criterion.upstream !== undefined && { upstream: criterion.upstream }),
  }),
  check: ({ belowMs }, { load }) => [
    ...(belowMs > load.timeoutMs
      ? [
          {
            message: `cannot fail: requests are given up after ${span(load.timeoutMs)}; set \`load.timeout\` above ${span(belowMs)}`,
          },
        ]
      : []),
    ...unprovableLatency(belowMs),
  ],

  judge(criterion, run) {
    const { plan, evidence } = run
    const { belowMs, upstream } = criterion
    const window = windowOf(plan, criterion.during)
    const cells = requestsIn(evidence, { upstream, phases: window.phases })
    const timed = withUnknown(criterion.outcomes, cells)
    const felt = latenciesIn(cells, timed, 'latency')
    const unsupported = timed.includes('ok')
      ? unsupportedIn(run, upstream, window.phases) + spoiledIn(evidence, upstream, window.phases)
      : 0
    const missing = missingIn(run, { upstream, phases: window.phases })
    const atMost = { good: 'below', limit: 1 - criterion.quantile } as const
    const raw = doubtUnsupported(
      {
        ...judgeQuantile(felt, {
          quantile: criterion.quantile,
          belowMs,
          cause: 'too_slow',
          what: timed.length === outcomeNames.length ? 'ended' : timed.join(' or '),
        }),
        window,
        withoutHarnessDelay: (delay) =>
          quantileWithoutDelay(latenciesIn(cells, timed, 'service'), { quantile: criterion.quantile, belowMs }, delay),
      },
      unsupported,
      () => rateResult(countFrom(felt, belowMs) + unsupported, felt.totalCount, atMost),
    )
    return doubtMissing(raw, missing, () => rateResult(countFrom(felt, belowMs) + missing, felt.totalCount + missing, atMost))
  },
})
