// amplification('gemini').during('outage').below(3): arrivals at the upstream per client request for it.
//
// The sample is the request, its value how often it arrived. The spread of these counts bounds their mean; attempt numbers give it
// without a table of requests. Without request ids the spread is taken to be that of a Poisson count.
import * as z from 'zod'
import { count, needsText, plural } from '../kernel/wording.ts'
import { type WrittenCriterion, written } from './call-site.ts'
import { criterionType } from './criterion-type.ts'
import { inPhases, named, ofOne } from './fields.ts'
import { MIN_CALLS } from './measure/sample-size.ts'
import { arrivalsIn, countIn, requestsIn, windowOf } from './measure/scope.ts'
import { meanInterval } from './measure/statistics.ts'
import { type UpstreamRef, during, nameOf } from './notation.ts'

/** A request that is tried again may arrive as often as this, though none was seen to. */
const MIN_BURST = 4

export interface AmplificationCriterion {
  during(...phases: string[]): AmplificationCriterion
  /** Arrivals at the upstream per client request for it. */
  below(limit: number): WrittenCriterion
}

function build(of: UpstreamRef, phases: readonly string[] = []): AmplificationCriterion {
  return {
    during: (...names) => build(of, names),
    below: (limit) => written({ kind: 'amplification', upstream: nameOf(of), ...during(phases), below: limit }),
  }
}

export const amplification = criterionType({
  kind: 'amplification',
  fields: { ...ofOne, below: z.number().positive() },
  build: { amplification: (of: UpstreamRef): AmplificationCriterion => build(of) },
  relation: 'below',
  breaker: 'none',
  causes: ['retry_storm'],
  sentence: (criterion) => `attempts per request at ${criterion.upstream}${inPhases(criterion.during)} stay below ${criterion.below}`,
  phases: named,
  needs: () => MIN_CALLS,

  judge({ upstream, below, ...criterion }, { plan, evidence }) {
    const window = windowOf(plan, criterion.during)
    const scope = { upstream, phases: window.phases }
    const n = countIn(requestsIn(evidence, scope))
    const base = { n, bound: below, unit: 'per_call', window } as const
    if (n === 0) {
      const why = `no request for ${upstream} was seen`
      return { ...base, result: 'inconclusive', cause: 'no_samples', measured: null, interval: null, why }
    }
    const byAttempt = arrivalsIn(evidence, scope).map((cell) => cell.byAttempt)
    const { arrived, squares } = attempts(byAttempt, n)
    const measured = arrived / n
    const most = Math.max(MIN_BURST, ...byAttempt.map((counts) => counts.length - 1))
    const interval = meanInterval(arrived, squares, n, most - 1)
    const [lower, upper] = interval
    const figures = `${count(arrived)} arrivals for ${plural(n, 'request')}: ${figure(measured)} each (${figure(lower)} to ${figure(upper)})`
    if (n < MIN_CALLS) {
      const needsMore = MIN_CALLS - n
      const why = `${figures}, limit ${below}${needsText(needsMore)}`
      return { ...base, result: 'inconclusive', cause: 'too_few_samples', measured, interval: null, needsMore, why }
    }
    const judged = { ...base, measured, interval }
    if (upper < below) return { ...judged, result: 'pass', why: `${figures}, limit ${below}` }
    if (lower >= below) return { ...judged, result: 'fail', cause: 'retry_storm', why: `${figures}, promised below ${below}` }
    return { ...judged, result: 'inconclusive', cause: 'too_few_samples', why: `${figures}, limit ${below}: too close to tell` }
  },
})

/** Σa and Σa² over requests that arrived a times. The k-th arrival of a request adds k² − (k−1)² = 2k − 1 to its square. */
function attempts(cells: readonly number[][], n: number): { arrived: number; squares: number } {
  let arrived = 0
  let squares = 0
  let anonymous = 0
  for (const byAttempt of cells)
    for (const [attempt, arrivals] of byAttempt.entries()) {
      arrived += arrivals
      if (attempt === 0) anonymous += arrivals
      else squares += arrivals * (2 * attempt - 1)
    }
  // Poisson: the variance is the mean, so Σa² = Σa + n·mean².
  return { arrived, squares: anonymous === 0 ? squares : arrived + (arrived * arrived) / n }
}

const figure = (value: number): string => String(Number(value.toPrecision(3)))
