// What error rate and goodput share: a number of requests out of all, held to a limit by exact bounds.
import { formatShare } from '../criterion-text.ts'
import type { Ruling } from '../ruling.ts'
import { rateInterval, samplesToDecide } from './statistics.ts'
import { grouped, needsText } from '../../kernel/wording.ts'
import type { Result } from '../ruling.ts'

export interface RateLimit {
  good: 'below' | 'above'
  limit: number
  /** The smallest number of requests that could pass. */
  needed: number
  cause: 'too_many_errors' | 'too_little_goodput'
  /** What was counted, for the sentence: 'failed', 'were ok'. */
  what: string
}

export function judgeRate(hits: number, n: number, rate: RateLimit): Omit<Ruling, 'window'> {
  const { good, limit, needed, cause, what } = rate
  const base = { n, bound: limit, unit: 'ratio', good } as const
  if (n === 0)
    return {
      ...base,
      result: 'inconclusive',
      cause: 'no_samples',
      measured: null,
      interval: null,
      needsMore: needed,
      why: 'no request was seen',
    }

  const interval = rateInterval(hits, n)
  const [lower, upper] = interval
  const figures = `${grouped(hits)} of ${grouped(n)} ${what}: ${formatShare(hits / n)} (${formatShare(lower)} to ${formatShare(upper)})`
  const judged = { ...base, measured: hits / n, interval }
  const result = rateResult(hits, n, rate)
  if (result === 'pass') return { ...judged, result, why: `${figures}, limit ${formatShare(limit)}` }
  if (result === 'fail') return { ...judged, result, cause, why: `${figures}, promised ${good} ${formatShare(limit)}` }
  const total = samplesToDecide(hits, n, limit)
  const needsMore = total === null ? undefined : Math.max(1, total - n)
  const why = `${figures}, limit ${formatShare(limit)}${needsText(needsMore)}`
  return { ...judged, result, cause: 'too_few_samples', why, ...(needsMore !== undefined && { needsMore }) }
}

/** Passes when the whole interval lies on the good side of the limit, fails when it lies on the other. */
export function rateResult(hits: number, n: number, { good, limit }: Pick<RateLimit, 'good' | 'limit'>): Result {
  if (n === 0) return 'inconclusive'
  const [lower, upper] = rateInterval(hits, n)
  const isGood = good === 'below' ? upper < limit : lower > limit
  const isBad = good === 'below' ? lower >= limit : upper <= limit
  return isGood ? 'pass' : isBad ? 'fail' : 'inconclusive'
}
