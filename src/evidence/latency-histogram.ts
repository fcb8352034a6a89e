// Many spans in little memory: an HDR histogram of microseconds. It costs the same for a hundred requests as for a million,
// and histograms add up, so a quantile over several phases is a real quantile and never a mean of quantiles.
import { build, type Histogram } from 'hdr-histogram-js'
import type { Ms } from '../kernel/clock.ts'

/** Spans in microseconds; ask it through the functions here, which speak milliseconds. */
export type Latencies = Histogram

/** An empty histogram that keeps `digits` significant decimal digits (3: within 0.1 %, 2: within 1 %). */
export function emptyLatencies(digits: 2 | 3 = 3): Latencies {
  return build({ numberOfSignificantValueDigits: digits, autoResize: true })
}

/** Negative spans (clocks of two processes, rounding) count as 0. */
export function record(latencies: Latencies, span: Ms): void {
  latencies.recordValue(Math.max(0, Math.round(span * 1000)))
}

/**
 * The span of the `rank`-th fastest sample, from 1: an order statistic. It is the upper edge of the sample's bin,
 * so it errs to the slow side by the histogram's precision at most.
 */
export function spanAtRank(latencies: Latencies, rank: number): Ms {
  return latencies.getValueAtPercentile((100 * (rank - 0.5)) / latencies.totalCount) / 1000
}

/** The empirical quantile: the smallest sample that at least the share `quantile` (0–1) of all samples does not exceed. Null when empty. */
export function spanAtQuantile(latencies: Latencies, quantile: number): Ms | null {
  const n = latencies.totalCount
  // The product may land a rounding error above a whole number, which must not cost a rank.
  return n === 0 ? null : spanAtRank(latencies, Math.min(n, Math.max(1, Math.ceil(quantile * n - 1e-9))))
}

/** How many samples are `limit` or slower. */
export function countFrom(latencies: Latencies, limit: Ms): number {
  let below = 0
  let above = latencies.totalCount + 1
  while (above - below > 1) {
    const rank = (below + above) >>> 1
    if (spanAtRank(latencies, rank) < limit) below = rank
    else above = rank
  }
  return latencies.totalCount - below
}

export function mergeLatencies(parts: Iterable<Latencies>): Latencies {
  const all = emptyLatencies()
  for (const part of parts) if (part.totalCount > 0) all.add(part)
  return all
}
