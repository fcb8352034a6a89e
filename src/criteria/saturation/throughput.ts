// saturation().throughputAbove(100), or .throughputAbove('80%', { of: 'steady' }): good answers per second while connections ask as fast as
// they are answered. Seconds are judged, not answers, since answers of one second are not independent: the median second is above the
// limit when, by an exact bound, more than half of all seconds are.
import * as z from 'zod'
import { beside, count, plural, share } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { named } from '../writing/fields.ts'
import { countIn, requestsIn } from '../measure/scope.ts'
import { rateResult } from '../measure/statistics/rate.ts'
import { rateInterval } from '../measure/statistics/statistics.ts'
import { type Share, during, parseShare } from '../writing/notation.ts'
import type { Case } from '../finding/raw-finding.ts'
import { crowdProblems, crowdWindow, crowdsIn, saturatedPhases, whileSaturated } from './crowds.ts'

/** Of seconds: with so few, all of them on one side prove the median. */
const FEWEST_SECONDS = 5
const MEDIAN = { good: 'above', limit: 0.5 } as const

const perSecond = (rate: number): string => `${count(Math.round(rate))}/s`

export const throughput = criterionType({
  kind: 'throughput_above',
  doc: {
    written: 'saturation().throughputAbove(100)',
    demands: 'Under saturation the gateway gives more good answers per second than the limit: the median second does.',
    over: { between: 'the phases that are saturated, or those of them that `during` names' },
    counts: 'Whole seconds of the crowd, by good answers.',
    samples: '6 seconds',
    undecided: 'Too few seconds, or the crowd could not be played as planned.',
  },
  fields: {
    during: z.array(z.string()).min(1).exactOptional(),
    /** Per second; with `of`, times what that phase has. */
    above: z.number().positive(),
    of: z.string().exactOptional(),
  },
  build: {
    /** So many good answers per second; or a share of those in another phase, such as `('80%', { of: 'steady' })`. */
    throughputAbove:
      (phases: readonly string[]) =>
      (limit: number | Share, compared?: { of: string }): WrittenCriterion =>
        written({
          kind: 'throughput_above',
          ...during(phases),
          ...(compared ? { above: parseShare(limit), of: compared.of } : { above: Number(limit) }),
        }),
  },
  relation: 'above',
  breaker: 'none',
  causes: ['too_little_goodput'],
  sentence: ({ above, of, during: phases }) =>
    `throughput${whileSaturated(phases)} is above ${of === undefined ? perSecond(above) : `${share(above)} of that in ${of}`}`,
  phases: ({ of, ...criterion }) => [...named(criterion), ...(of === undefined ? [] : [of])],
  needs: () => 1,
  // The crowd is no part of the plan's requests.
  samplesIn: ({ of }, plan) => (of === undefined ? [] : [plan.phases.filter(({ name }) => name === of)]),
  check: (criterion, plan) => {
    const problems = crowdProblems(plan, criterion.during)
    const seconds = saturatedPhases(plan, criterion.during).reduce(
      (sum, { startMs, endMs }) => sum + Math.floor((endMs - startMs) / 1000),
      0,
    )
    if (problems.length === 0 && seconds < FEWEST_SECONDS + 1)
      problems.push({ message: `takes ${FEWEST_SECONDS + 1} s of saturation, and the plan has ${seconds}: lengthen the phase` })
    return problems
  },

  judge({ above, of, ...criterion }, run) {
    const window = crowdWindow(run.plan, criterion.during)
    const { seen, missing } = crowdsIn(run, window)
    const limit = of === undefined ? above : above * steadyPerSecond(run, of)
    const seconds = seen.flatMap((crowd) => crowd.perSecond).toSorted((a, b) => a - b)
    const n = seconds.length
    const hits = seconds.filter((rate) => rate > limit).length
    const base = { n, bound: limit, unit: 'per_second', window } as const
    if (n === 0 || (of !== undefined && limit === 0))
      return {
        ...base,
        result: 'inconclusive',
        cause: 'no_samples',
        measured: null,
        interval: null,
        why: n === 0 ? 'no second was saturated' : `no request of ${of} was answered well`,
      }
    const measured = seconds[n >> 1]!
    const judged = { ...base, measured, interval: medianInterval(seconds) }
    const figures = `${beside(measured, limit, perSecond)} in the median of ${plural(n, 'second')}, from ${perSecond(seconds[0]!)} to ${perSecond(seconds.at(-1)!)}`
    if (missing !== undefined)
      return { ...judged, result: 'inconclusive', cause: 'load_not_delivered', why: `${missing} (so far: ${figures})` }
    const result = rateResult(hits, n, MEDIAN)
    if (result === 'pass') return { ...judged, result, why: `${figures}, limit ${perSecond(limit)}` }
    if (result === 'fail')
      return {
        ...judged,
        result,
        cause: 'too_little_goodput',
        why: `${figures}, promised above ${perSecond(limit)}`,
        failsAt: [(confidence) => rateResult(hits, n, MEDIAN, confidence) === 'fail'],
        // A stall spoils the seconds that it touches, and no others.
        withoutHarnessDelay: ({ saturated, stalls }) =>
          saturated ? 'inconclusive' : rateResult(Math.min(n, hits + 2 * stalls), n, MEDIAN),
      }
    const needsMore = Math.max(1, FEWEST_SECONDS + 1 - n)
    return { ...judged, result, cause: 'too_few_samples', needsMore, why: `${figures}, limit ${perSecond(limit)}; saturate it for longer` }
  },
})

/** Good answers per second of a phase of the load's own. */
function steadyPerSecond({ plan, evidence }: Case, name: string): number {
  const phase = plan.phases.find((each) => each.name === name)
  return phase ? (countIn(requestsIn(evidence, { phases: [name] }), ['ok']) / (phase.endMs - phase.startMs)) * 1000 : 0
}

/** Two one-sided bounds of the median, each one of the values. */
function medianInterval(sorted: readonly number[]): [lower: number | null, upper: number | null] {
  const n = sorted.length
  const isBelow = (rank: number): boolean => rateInterval(n - rank, n)[0] > MEDIAN.limit
  const lower = sorted.findLastIndex((_, rank) => isBelow(rank))
  return lower < 0 ? [null, null] : [sorted[lower]!, sorted[n - 1 - lower]!]
}
