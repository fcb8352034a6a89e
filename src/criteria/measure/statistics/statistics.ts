// What a sample says about the rate or the quantile behind it. Every interval is a pair of one-sided 95 % bounds:
// each end alone is wrong in at most one case of twenty, and only one end ever decides a criterion.
// test/criteria/measure/statistics/coverage.test.ts measures how often each bound holds.
import { type Latencies, leastSpanAtRank, spanAtRank } from '../../../evidence/latency-histogram.ts'
import type { Ms } from '../../../kernel/clock.ts'
import { CONFIDENCE } from './sample-size.ts'
import { betaCdf, betaQuantile } from './beta.ts'

/**
 * Ranks (from 1) of the samples that bound a quantile, whatever the distribution: the number of samples below the true quantile
 * is binomial (n, quantile). Null where n is too small for a bound on that side.
 * David and Nagaraja, Order Statistics (3rd ed.), 7.1.
 */
export function quantileRanks(n: number, quantile: number, confidence = CONFIDENCE): [lower: number | null, upper: number | null] {
  // The upper bound is the lowest rank r with P(fewer than r samples below) ≥ 95 %; the lower the highest with ≤ 5 %.
  const about = { rank: n * quantile, spread: Math.sqrt(n * quantile * (1 - quantile)) }
  const upper = lowestRank(n, about, (rank) => binomialCdf(rank - 1, n, quantile) >= confidence)
  const aboveLower = lowestRank(n, about, (rank) => binomialCdf(rank - 1, n, quantile) > 1 - confidence) ?? n + 1
  return [aboveLower > 1 ? aboveLower - 1 : null, upper]
}

/** Bins err to the outer side at both ends: a pass holds for the slowest samples that they may hold, a failure for the quickest. */
export function quantileInterval(latencies: Latencies, quantile: number, confidence = CONFIDENCE): [lower: Ms | null, upper: Ms | null] {
  const [lower, upper] = quantileRanks(latencies.totalCount, quantile, confidence)
  return [lower && leastSpanAtRank(latencies, lower), upper && spanAtRank(latencies, upper)]
}

/** Exact bounds of the rate behind `hits` of `n` (Clopper and Pearson 1934). */
export function rateInterval(hits: number, n: number, confidence = CONFIDENCE): [lower: number, upper: number] {
  return [hits === 0 ? 0 : betaQuantile(1 - confidence, hits, n - hits + 1), hits === n ? 1 : betaQuantile(confidence, hits + 1, n - hits)]
}

const MAX_SAMPLES = 10_000_000

/**
 * About how many samples in all would tell a rate from `limit` if hits keep coming at the observed rate: the smallest n
 * whose exact bound lies on the rate's side of the limit. Null when the two are too close for ten million samples.
 */
export function samplesToDecide(hits: number, n: number, limit: number): number | null {
  const rate = hits / n
  const decides = (total: number): boolean => {
    const [lower, upper] = rateInterval(rate * total, total)
    return rate < limit ? upper < limit : lower >= limit && rate > limit
  }
  if (!decides(MAX_SAMPLES)) return null
  let few = n
  let enough = MAX_SAMPLES
  while (enough - few > 1) {
    const middle = (few + enough) >>> 1
    if (decides(middle)) enough = middle
    else few = middle
  }
  return enough
}

/** P(at most k of n) when each succeeds with probability p, through the incomplete beta function (DLMF 8.17.5). */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0
  return k >= n ? 1 : betaCdf(1 - p, n - k, k + 1)
}

/** The lowest rank in 1…n that satisfies a condition which holds for all ranks above it too. It is looked for near `about` first. */
function lowestRank(n: number, about: { rank: number; spread: number }, holds: (rank: number) => boolean): number | null {
  let low = 1
  let high = n + 1
  for (const deviations of [-3, 0, 3]) {
    const rank = Math.round(about.rank + deviations * about.spread)
    if (rank < low || rank >= high) continue
    if (holds(rank)) high = rank
    else low = rank + 1
  }
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low <= n ? low : null
}
