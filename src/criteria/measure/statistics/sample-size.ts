// How many requests a criterion needs before any outcome could pass it.

/** One-sided confidence of every bound in a verdict. */
export const CONFIDENCE = 0.95

/**
 * Smallest n with which a flawless measurement bounds a quantile, or a rate of good requests, at `share` (0–1). It holds for any
 * distribution: the bound exists once 0.05 ≥ share^n. p95: 59, p99: 299, errors below 0.1 % (0.999): 2,995.
 */
export function samplesFor(share: number): number {
  if (share <= 0) return 1
  return share >= 1 ? Number.POSITIVE_INFINITY : Math.ceil(Math.log(1 - CONFIDENCE) / Math.log(share))
}
