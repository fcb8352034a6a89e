// A number of requests out of all, held to a limit by the exact bounds of Clopper and Pearson.
import { beside, count, needsText, share } from '../../../kernel/wording.ts'
import type { Cause, CommonCause } from '../../finding/cause.ts'
import type { RawFinding, Result } from '../../finding/raw-finding.ts'
import { CONFIDENCE, samplesFor } from './sample-size.ts'
import { rateInterval, samplesToDecide } from './statistics.ts'

export interface RateLimit {
  good: 'below' | 'above'
  /** 0–1. */
  limit: number
}

export interface RateWords<Failed extends Cause> {
  cause: Failed
  /** What was counted, for the sentence: 'failed', 'ended ok'. */
  what: string
}

export function judgeRate<Failed extends Cause>(
  hits: number,
  n: number,
  rate: RateLimit & RateWords<Failed>,
): Omit<RawFinding<Failed | CommonCause>, 'window'> {
  const { good, limit, cause, what } = rate
  const base = { n, bound: limit, unit: 'ratio' } as const
  if (n === 0)
    return {
      ...base,
      result: 'inconclusive',
      cause: 'no_samples',
      measured: null,
      interval: null,
      needsMore: samplesFor(good === 'below' ? 1 - limit : limit),
      why: 'no request was seen',
    }

  const interval = rateInterval(hits, n)
  const [lower, upper] = interval
  const figures = `${count(hits)} of ${count(n)} ${what}: ${beside(hits / n, limit, share)} (${share(lower)} to ${share(upper)})`
  const failsAt = [(confidence: number) => rateResult(hits, n, rate, confidence) === 'fail']
  const judged = { ...base, measured: hits / n, interval, failsAt }
  const result = resultOf(interval, rate)
  if (result === 'pass') return { ...judged, result, why: `${figures}, limit ${share(limit)}` }
  if (result === 'fail') return { ...judged, result, cause, why: `${figures}, promised ${good} ${share(limit)}` }
  const total = samplesToDecide(hits, n, limit)
  const needsMore = total === null ? undefined : Math.max(1, total - n)
  const why = `${figures}, limit ${share(limit)}${needsText(needsMore)}`
  return { ...judged, result, cause: 'too_few_samples', why, ...(needsMore !== undefined && { needsMore }) }
}

/** Passes when the whole interval lies on the good side of the limit, fails when it lies on the other. */
export function rateResult(hits: number, n: number, rate: RateLimit, confidence = CONFIDENCE): Result {
  return n === 0 ? 'inconclusive' : resultOf(rateInterval(hits, n, confidence), rate)
}

function resultOf([lower, upper]: [number, number], { good, limit }: RateLimit): Result {
  const isGood = good === 'below' ? upper < limit : lower > limit
  const isBad = good === 'below' ? lower >= limit : upper <= limit
  return isGood ? 'pass' : isBad ? 'fail' : 'inconclusive'
}
