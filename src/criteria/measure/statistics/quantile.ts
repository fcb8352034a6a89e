// A quantile of latencies, held to a limit by the order statistics that bound it, whatever the distribution.
import { type Latencies, countFrom, spanAtQuantile } from '../../../evidence/latency-histogram.ts'
import type { Outcome } from '../../../contract/outcome.ts'
import type { RequestCell } from '../../../evidence/fold/requests.ts'
import type { Ms } from '../../../kernel/clock.ts'
import { beside, count, needsText, plural, quantile as quantileName, span } from '../../../kernel/wording.ts'
import type { CommonCause } from '../../finding/cause.ts'
import type { RawFinding, Result } from '../../finding/raw-finding.ts'
import { countIn } from '../scope.ts'
import { samplesFor } from './sample-size.ts'
import { quantileInterval, samplesToDecide } from './statistics.ts'

export interface QuantileLimit<Failed extends RawFinding['cause'] & string> {
  quantile: number
  belowMs: Ms
  cause: Failed
  /** What the samples are, for the sentence: 'ok', 'refused'. */
  what: string
}

/** Passes when the upper bound of the quantile lies below the limit, fails when the lower one does not. */
export function judgeQuantile<Failed extends RawFinding['cause'] & string>(
  latencies: Latencies,
  { quantile, belowMs, cause, what }: QuantileLimit<Failed>,
): Omit<RawFinding<Failed | CommonCause>, 'window'> {
  const n = latencies.totalCount
  const needed = samplesFor(quantile)
  const base = { n, bound: belowMs, unit: 'ms' } as const
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
  const figures = `${quantileName(quantile)} is ${beside(measured, belowMs, span)} (${between(interval)}) over ${plural(n, `${what} request`)}`
  const failsAt = [(confidence: number) => resultOf(quantileInterval(latencies, quantile, confidence), belowMs) === 'fail']
  const judged = { ...base, measured, interval, failsAt }
  const result = resultOf(interval, belowMs)
  if (result === 'pass') return { ...judged, result, why: `${figures}, limit ${span(belowMs)}` }
  if (result === 'fail') return { ...judged, result, cause, why: `${figures}, promised below ${span(belowMs)}` }
  const total = samplesToDecide(countFrom(latencies, belowMs), n, 1 - quantile)
  const needsMore = n < needed ? needed - n : total === null ? undefined : Math.max(1, total - n)
  const why = `${figures}, limit ${span(belowMs)}${n < needed ? `; a bound takes ${count(needed)}` : ''}${needsText(needsMore)}`
  return { ...judged, result, cause: 'too_few_samples', why, ...(needsMore !== undefined && { needsMore }) }
}

function resultOf([lower, upper]: [Ms | null, Ms | null], belowMs: Ms): Result {
  if (upper !== null && upper < belowMs) return 'pass'
  return lower !== null && lower >= belowMs ? 'fail' : 'inconclusive'
}

/**
 * The outcomes to time. A request that the load gave up might have ended in any way, ok too, and took at least as long as it was
 * waited for. Without these requests the slowest ones would be missing.
 */
export function withUnknown(outcomes: readonly Outcome[], cells: readonly RequestCell[]): readonly Outcome[] {
  const unknown = outcomes.includes('ok') && !outcomes.includes('client_timeout') && countIn(cells, ['client_timeout']) > 0
  return unknown ? [...outcomes, 'client_timeout'] : outcomes
}

function between([lower, upper]: [Ms | null, Ms | null]): string {
  if (lower !== null && upper !== null) return `${span(lower)} to ${span(upper)}`
  return upper === null ? (lower === null ? 'no bounds' : `at least ${span(lower)}`) : `at most ${span(upper)}`
}
