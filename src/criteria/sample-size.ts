// How many requests a criterion needs before any outcome could pass it. Distribution-free:
// a bound at 95 % confidence exists once 0.05 ≥ x^n, with x the quantile, or 1 − the allowed error rate.
import type { Criterion } from './criterion.ts'

/** One-sided confidence of every bound in a verdict. */
export const CONFIDENCE = 0.95

/** Fewer calls than this say too little about the spread of attempts per call for its bound, a normal approximation, to hold. */
export const FEWEST_CALLS = 30

/** Smallest n at which a flawless measurement passes; 1 where no sampling is involved. p95: 59, p99: 299, errors below 0.1 %: 2,995. */
export function minimumSamples(criterion: Criterion): number {
  switch (criterion.kind) {
    case 'latency':
    case 'fast_fail':
      return samplesFor(criterion.quantile)
    case 'error_rate':
      return samplesFor(1 - criterion.below)
    case 'goodput':
      return samplesFor(criterion.above)
    case 'amplification':
      return FEWEST_CALLS
    case 'unharmed':
      return Math.max(samplesFor(0.95), samplesFor(1 - criterion.errorRateBelow))
    default:
      return 1
  }
}

function samplesFor(share: number): number {
  if (share <= 0) return 1
  return share >= 1 ? Number.POSITIVE_INFINITY : Math.ceil(Math.log(1 - CONFIDENCE) / Math.log(share))
}
