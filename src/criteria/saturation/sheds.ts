// saturation().shedsRatherThanCollapses({ servedWithin: '1s' }): of a crowd that is more than it can serve, the gateway serves some as
// quickly as ever and refuses the others at once, in place of letting all of them wait until none is served.
import * as z from 'zod'
import { type Outcome, errorOutcomes } from '../../contract/outcome.ts'
import type { CrowdAnswers, Saturated } from '../../evidence/events/saturation.ts'
import { type Latencies, countFrom, latenciesOf, noLatencies } from '../../evidence/latency-histogram.ts'
import { mergeLatencies } from '../../evidence/merge-latencies.ts'
import type { Ms } from '../../kernel/clock.ts'
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import { count, span } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import type { CommonCause } from '../finding/cause.ts'
import { criterionType } from '../criterion-type.ts'
import { named, spanMs } from '../writing/fields.ts'
import { during } from '../writing/notation.ts'
import { judgeQuantile } from '../measure/statistics/quantile.ts'
import { judgeRate } from '../measure/statistics/rate.ts'
import { quantileWithoutDelay } from '../measure/excuse.ts'
import type { HarnessDelay, RawFinding, Result } from '../finding/raw-finding.ts'
import { crowdProblems, crowdWindow, crowdsIn, whileSaturated } from './crowds.ts'

export interface ShedsOptions {
  /** p95 of what is served, from sent. */
  servedWithin: Duration
  /** p95 of refusals and fallbacks. Default: 250 ms. */
  refusedWithin?: Duration
}

const QUANTILE = 0.95
/** Of what is let in, and of the connections that may be left waiting. */
const FAILING = 0.01
const WAITING = 0.05

/** Answers in place of the upstream's that cost nothing. */
const refusing: readonly Outcome[] = ['shed', 'limited', 'rejected', 'fallback']
const failing = errorOutcomes.filter((outcome) => !refusing.includes(outcome))

type Part = Omit<RawFinding<'collapsed' | CommonCause>, 'window'>

export const sheds = criterionType({
  kind: 'sheds_rather_than_collapses',
  doc: {
    written: "saturation().shedsRatherThanCollapses({ servedWithin: '1s' })",
    demands: 'Of a crowd that is more than it can serve, the gateway serves some quickly and refuses the others at once.',
    over: { between: 'the phases that are saturated, or those of them that `during` names' },
    counts: 'Answers that the crowd got, and connections that were left waiting.',
    samples: '59 answers, and one refusal',
    undecided: 'The gateway refused nothing, so the crowd was within its capacity.',
  },
  fields: { during: z.array(z.string()).min(1).exactOptional(), servedWithinMs: spanMs, refusedWithinMs: spanMs },
  build: {
    shedsRatherThanCollapses:
      (phases: readonly string[]) =>
      ({ servedWithin, refusedWithin = '250ms' }: ShedsOptions): WrittenCriterion =>
        written({
          kind: 'sheds_rather_than_collapses',
          ...during(phases),
          servedWithinMs: parseDuration(servedWithin),
          refusedWithinMs: parseDuration(refusedWithin),
        }),
  },
  relation: 'all',
  breaker: 'none',
  causes: ['collapsed'],
  sentence: ({ servedWithinMs, refusedWithinMs, during: phases }) =>
    `the gateway${whileSaturated(phases)} serves within ${span(servedWithinMs)} what it does not refuse within ${span(refusedWithinMs)}`,
  phases: named,
  needs: () => 1,
  // The crowd is no part of the plan's requests.
  samplesIn: () => [],
  check: ({ servedWithinMs, ...criterion }, plan) => [
    ...crowdProblems(plan, criterion.during),
    ...(servedWithinMs >= plan.load.timeoutMs
      ? [
          {
            message: `cannot fail: requests are given up after ${span(plan.load.timeoutMs)}; set \`load.timeout\` above ${span(servedWithinMs)}`,
          },
        ]
      : []),
  ],

  judge({ servedWithinMs, refusedWithinMs, ...criterion }, run) {
    const window = crowdWindow(run.plan, criterion.during)
    const { seen, missing } = crowdsIn(run, window)
    const parts = partsOf(seen, servedWithinMs, refusedWithinMs)
    const { result, cause, needsMore } = worstOf(parts)
    const why = (of: Result): string =>
      parts
        .filter((part) => part.result === of)
        .map((part) => part.why)
        .join('; ')
    const base = {
      n: parts[1]!.n,
      measured: parts.filter((part) => part.result === 'pass').length,
      interval: null,
      bound: parts.length,
      unit: 'comparisons',
      window,
      // Whoever was left waiting was seen to be: no estimate can be wrong about that.
      ...(parts.every((part) => part.result !== 'fail' || part.failsAt) && { failsAt: parts.flatMap((part) => part.failsAt ?? []) }),
    } as const
    if (missing !== undefined)
      return { ...base, result: 'inconclusive', cause: 'load_not_delivered', why: `${missing} (so far: ${why(result)})` }
    if (result === 'pass') return { ...base, result, why: why(result) }
    const judged = { ...base, result, why: why(result), ...(cause && { cause }), ...(needsMore !== undefined && { needsMore }) }
    if (result === 'inconclusive') return judged
    return {
      ...judged,
      withoutHarnessDelay: (delay): Result =>
        delay.saturated ? 'inconclusive' : worstOf(partsOf(seen, servedWithinMs, refusedWithinMs, delay)).result,
    }
  },
})

const severity: Record<Result, number> = { fail: 0, inconclusive: 1, pass: 2 }

const worstOf = (parts: readonly Part[]): Part => parts.toSorted((a, b) => severity[a.result] - severity[b.result])[0]!

/** `delay`: what the harness may have added, which is taken off as many as it can have touched. */
function partsOf(seen: readonly Saturated[], servedWithinMs: Ms, refusedWithinMs: Ms, delay?: HarnessDelay): Part[] {
  const quick = (latencies: Latencies, belowMs: Ms, what: string): Part => {
    const part = judgeQuantile(latencies, { quantile: QUANTILE, belowMs, cause: 'collapsed', what } as const)
    return delay ? { ...part, result: quantileWithoutDelay(latencies, { quantile: QUANTILE, belowMs }, delay) } : part
  }
  // A refusal that is the upstream's own is an error that the gateway handed on.
  const handedOn = seen.reduce((sum, { unmarked, refusedUpstream }) => sum + Math.min(unmarked, refusedUpstream), 0)
  const served = latenciesIn(seen, ['ok'])
  const refused = latenciesIn(seen, refusing)
  const stuck = seen.reduce((sum, { waiting }) => sum + stuckIn(waiting, servedWithinMs + (delay?.stallMs ?? 0)), 0)
  const failed = latenciesIn(seen, failing).totalCount + handedOn
  const letIn = served.totalCount + failed
  // Who still waits after so long counts as served later than that.
  const withStuck = mergeLatencies([served, latenciesOf(Array.from({ length: stuck }, () => 2 * servedWithinMs))])
  const connections = seen.reduce((sum, each) => sum + each.connections, 0)
  return [
    quick(withStuck, servedWithinMs, 'served'),
    judgeRate(failed, letIn, { good: 'below', limit: FAILING, cause: 'collapsed', what: 'of those let in failed' }),
    refused.totalCount > handedOn ? quick(refused, refusedWithinMs, 'refused') : nothingRefused(),
    leftWaiting(stuck, connections, servedWithinMs),
  ]
}

function latenciesIn(seen: readonly Saturated[], outcomes: readonly Outcome[]): Latencies {
  const of = (answers: CrowdAnswers): Latencies[] => outcomes.map((outcome) => answers[outcome] ?? noLatencies)
  return mergeLatencies(seen.flatMap(({ answers }) => of(answers)))
}

const stuckIn = (waiting: Latencies, longMs: Ms): number => (waiting.totalCount === 0 ? 0 : countFrom(waiting, longMs))

/** All connections are counted, so nothing is estimated. A connection that waits asks nothing, so no share of answers would tell of it. */
function leftWaiting(stuck: number, connections: number, longMs: Ms): Part {
  const why = `${count(stuck)} of ${count(connections)} connections were left waiting for more than ${span(longMs)}`
  const base = {
    n: connections,
    measured: connections === 0 ? null : stuck / connections,
    interval: null,
    bound: WAITING,
    unit: 'ratio',
    why,
  }
  if (connections === 0) return { ...base, result: 'inconclusive', cause: 'no_samples', why: 'nothing was saturated' }
  return stuck > WAITING * connections ? { ...base, result: 'fail', cause: 'collapsed' } : { ...base, result: 'pass' }
}

/** A gateway that served all of them was not tried. */
function nothingRefused(): Part {
  const why = 'the gateway refused nothing: the crowd is within its capacity; raise `connections`, or give the upstream less'
  return { result: 'inconclusive', cause: 'too_few_samples', n: 0, measured: null, interval: null, bound: null, unit: 'requests', why }
}
