// How two samples differ: bounds of the difference of two rates, and of two quantiles.
import type { Latencies } from '../../../evidence/latency-histogram.ts'
import type { Ms } from '../../../kernel/clock.ts'
import { CONFIDENCE } from './sample-size.ts'
import { quantileInterval, rateInterval } from './statistics.ts'

/** So many of `n`. */
export interface Hits {
  hits: number
  n: number
}

/**
 * Two one-sided bounds of the rate of `now` less the rate of `before`, made of the exact bounds of both by squares: it is unlikely that
 * both samples err in opposite directions. Zou and Donner, Statistics in Medicine 27 (2008), 1693, where the method is called MOVER.
 */
export function rateDifference(now: Hits, before: Hits, confidence = CONFIDENCE): [lower: number, upper: number] {
  const [rateNow, rateBefore] = [now.hits / now.n, before.hits / before.n]
  const [lowNow, highNow] = rateInterval(now.hits, now.n, confidence)
  const [lowBefore, highBefore] = rateInterval(before.hits, before.n, confidence)
  const difference = rateNow - rateBefore
  return [
    difference - Math.hypot(rateNow - lowNow, highBefore - rateBefore),
    difference + Math.hypot(highNow - rateNow, rateBefore - lowBefore),
  ]
}

/**
 * Two one-sided bounds of the quantile of `now` less `ratio` times that of `before`. They are the unlucky ends of both samples' bounds:
 * squares, as for rates, hold too seldom where a distribution has a gap at the quantile. Null where a sample is too small.
 */
export function quantileDifference(
  now: Latencies,
  before: Latencies,
  { quantile, ratio, confidence = CONFIDENCE }: { quantile: number; ratio: number; confidence?: number },
): [lower: Ms | null, upper: Ms | null] {
  const [lowNow, highNow] = quantileInterval(now, quantile, confidence)
  const [lowBefore, highBefore] = quantileInterval(before, quantile, confidence)
  return [
    lowNow === null || highBefore === null ? null : lowNow - ratio * highBefore,
    highNow === null || lowBefore === null ? null : highNow - ratio * lowBefore,
  ]
}
