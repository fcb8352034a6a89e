// The quantile of latency over requests of the given outcomes.
import { type Latencies, countFrom, spanAtQuantile } from '../evidence/latency-histogram.ts'
import type { Outcome } from '../contract/outcome.ts'
import type { RequestCell } from '../evidence/fold/requests.ts'
import { formatDuration } from '../kernel/duration.ts'
import type { Ms } from '../kernel/clock.ts'
import { minimumSamples } from './sample-size.ts'
import type { Rule, Ruling, Slowness } from './ruling.ts'
import { countIn, latenciesIn, requestsIn, windowOf } from './measure/scope.ts'
import { doubtUnbacked, unbackedIn } from './measure/unsupported-answers.ts'
import { rateResult } from './measure/rate.ts'
import { quantileInterval, samplesToDecide } from './measure/statistics.ts'
import { grouped, needsText, plural, quantile as quantileWord } from '../kernel/wording.ts'
import type { Result } from './ruling.ts'

export const latency: Rule<'latency'> = (criterion, { plan, evidence }) => {
  const { quantile, belowMs, upstream, during } = criterion
  const window = windowOf(plan, during)
  const cells = requestsIn(evidence, { upstream, phases: window.phases })
  const outcomes = withUnknown(criterion.outcomes, cells)
  const needed = minimumSamples(criterion)
  const ruling = judgeQuantile(latenciesIn(cells, outcomes, 'latency'), {
    quantile,
    belowMs,
    needed,
    cause: 'too_slow',
    what: outcomes.join(' or '),
  })
  const unhurried = (slowness: Slowness): Result =>
    quantileResult(latenciesIn(cells, outcomes, 'service'), quantile, belowMs + slowness.stallMs)
  const unbacked = outcomes.includes('ok') ? unbackedIn(evidence, upstream, window.phases) : 0
  const atWorst = (): Result => {
    const all = latenciesIn(cells, outcomes, 'latency')
    return rateResult(countFrom(all, belowMs) + unbacked, all.totalCount, { good: 'below', limit: 1 - quantile })
  }
  return doubtUnbacked(
    { ...ruling, window, unhurried: (slowness) => (slowness.saturated ? 'inconclusive' : unhurried(slowness)) },
    unbacked,
    atWorst,
  )
}

/**
 * A request that was given up might have ended in any way, ok too, and took at least as long as it was waited for: left out, the
 * slowest of all would be missing.
 */
export function withUnknown(outcomes: readonly Outcome[], cells: readonly RequestCell[]): readonly Outcome[] {
  const unknown = outcomes.includes('ok') && !outcomes.includes('client_timeout') && countIn(cells, ['client_timeout']) > 0
  return unknown ? [...outcomes, 'client_timeout'] : outcomes
}

export interface QuantileLimit {
  quantile: number
  belowMs: Ms
  /** The smallest number of samples that could pass. */
  needed: number
  cause: 'too_slow' | 'slow_rejection'
  /** What the samples are, for the sentence: 'ok', 'refused'. */
  what: string
}

/** Passes when the upper bound of the quantile lies below the limit, fails when the lower one does not. */
export function judgeQuantile(latencies: Latencies, limit: QuantileLimit): Omit<Ruling, 'window'> {
  const { quantile, belowMs, needed, cause, what } = limit
  const n = latencies.totalCount
  const base = { n, bound: belowMs, unit: 'ms', good: 'below' } as const
  const measured = spanAtQuantile(latencies, quantile)
  if (measured === null)
    return {
      ...base,
      result: 'inconclusive',
      cause: 'no_samples',
      measured,
      interval: null,
      needsMore: needed,
      why: `no ${what} request was seen`,
    }

  const interval = quantileInterval(latencies, quantile)
  const figures = `${quantileWord(quantile)} is ${formatDuration(measured)} (${between(interval)}) over ${plural(n, `${what} request`)}`
  const judged = { ...base, measured, interval }
  const result = quantileResult(latencies, quantile, belowMs)
  if (result === 'pass') return { ...judged, result, why: `${figures}, limit ${formatDuration(belowMs)}` }
  if (result === 'fail') return { ...judged, result, cause, why: `${figures}, promised below ${formatDuration(belowMs)}` }
  const total = samplesToDecide(countFrom(latencies, belowMs), n, 1 - quantile)
  const needsMore = n < needed ? needed - n : total === null ? undefined : Math.max(1, total - n)
  const why = `${figures}, limit ${formatDuration(belowMs)}${n < needed ? `; a bound takes ${grouped(needed)}` : ''}${needsText(needsMore)}`
  return { ...judged, result, cause: 'too_few_samples', why, ...(needsMore !== undefined && { needsMore }) }
}

export function quantileResult(latencies: Latencies, quantile: number, belowMs: Ms): Result {
  const [lower, upper] = quantileInterval(latencies, quantile)
  if (upper !== null && upper < belowMs) return 'pass'
  return lower !== null && lower >= belowMs ? 'fail' : 'inconclusive'
}

function between([lower, upper]: [Ms | null, Ms | null]): string {
  if (lower !== null && upper !== null) return `${formatDuration(lower)} to ${formatDuration(upper)}`
  return upper === null ? (lower === null ? 'no bounds' : `at least ${formatDuration(lower)}`) : `at most ${formatDuration(upper)}`
}
