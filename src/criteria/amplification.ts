// Arrivals at the upstream per client request for it. The sample is the request, its value how often it arrived there:
// the mean is bounded by the spread of these counts, which attempt numbers give without a table of requests.
// Without request ids the spread is taken to be that of a Poisson count.
import type { Rule } from './ruling.ts'
import { arrivalsIn, countIn, requestsIn, windowOf } from './measure/scope.ts'
import { FEWEST_CALLS } from './sample-size.ts'
import { meanInterval } from './measure/statistics.ts'
import { grouped, needsText, plural } from '../kernel/wording.ts'

/** A request that is tried again may arrive as often as this, though none was seen to. */
const FEWEST_IN_BURST = 4

export const amplification: Rule<'amplification'> = ({ upstream, during, below }, { plan, evidence }) => {
  const window = windowOf(plan, during)
  const scope = { upstream, phases: window.phases }
  const n = countIn(requestsIn(evidence, scope))
  const base = { n, bound: below, unit: 'per_call', good: 'below', window } as const
  if (n === 0)
    return {
      ...base,
      result: 'inconclusive',
      cause: 'no_samples',
      measured: null,
      interval: null,
      why: `no request for ${upstream} was seen`,
    }

  const byAttempt = arrivalsIn(evidence, scope).map((cell) => cell.byAttempt)
  const { arrived, squares } = attempts(byAttempt, n)
  const measured = arrived / n
  const most = Math.max(FEWEST_IN_BURST, ...byAttempt.map((counts) => counts.length - 1))
  const interval = meanInterval(arrived, squares, n, most - 1)
  const [lower, upper] = interval
  const figures = `${grouped(arrived)} arrivals for ${plural(n, 'request')}: ${figure(measured)} each (${figure(lower)} to ${figure(upper)})`
  if (n < FEWEST_CALLS) {
    const needsMore = FEWEST_CALLS - n
    const why = `${figures}, limit ${below}${needsText(needsMore)}`
    return { ...base, result: 'inconclusive', cause: 'too_few_samples', measured, interval: null, needsMore, why }
  }
  if (upper < below) return { ...base, result: 'pass', measured, interval, why: `${figures}, limit ${below}` }
  if (lower >= below)
    return { ...base, result: 'fail', cause: 'retry_storm', measured, interval, why: `${figures}, promised below ${below}` }
  return {
    ...base,
    result: 'inconclusive',
    cause: 'too_few_samples',
    measured,
    interval,
    why: `${figures}, limit ${below}: too close to tell`,
  }
}

/** Σa and Σa² over requests that arrived a times. The k-th arrival of a request adds k² − (k−1)² = 2k − 1 to its square. */
function attempts(cells: readonly number[][], n: number): { arrived: number; squares: number } {
  let arrived = 0
  let squares = 0
  let anonymous = 0
  for (const byAttempt of cells)
    for (const [attempt, count] of byAttempt.entries()) {
      arrived += count
      if (attempt === 0) anonymous += count
      else squares += count * (2 * attempt - 1)
    }
  // Poisson: the variance is the mean, so Σa² = Σa + n·mean².
  return { arrived, squares: anonymous === 0 ? squares : arrived + (arrived * arrived) / n }
}

const figure = (value: number): string => String(Number(value.toPrecision(3)))
