// Bounds of the mean behind small counts, such as the attempts of each request.
//
// The mean of counts from 1 on is a sum of shares: E[X] = 1 + P(X ≥ 2) + P(X ≥ 3) + … Each share has exact bounds. A sample that
// reaches a count also reaches all lower ones, so the shares err together, and the sums of their bounds hold as often as the bounds do.
// test/criteria/measure/statistics/coverage.test.ts measures how often these bounds hold.
import { CONFIDENCE } from './sample-size.ts'
import { rateInterval } from './statistics.ts'

/**
 * A sample may have missed a rare burst, and tells nothing of its size. The upper bound assumes that no unseen count is higher than
 * this. Without such an assumption no sample would bound the mean.
 */
export const MAX_UNSEEN_COUNT = 10

/** How many counts there are, and their mean. `byCount[k]` is how many samples counted k; those of 0 are left out. */
export function meanOf(byCount: readonly number[]): { n: number; sum: number } {
  let n = 0
  let sum = 0
  for (const [count, samples] of byCount.entries()) {
    if (count === 0) continue
    n += samples
    sum += count * samples
  }
  return { n, sum }
}

/** Two one-sided bounds of the mean. */
export function meanInterval(byCount: readonly number[], confidence = CONFIDENCE): [lower: number, upper: number] {
  const { n } = meanOf(byCount)
  let [lower, upper] = [1, 1]
  let reaching = n
  for (let count = 2; count <= Math.max(MAX_UNSEEN_COUNT, byCount.length - 1); count++) {
    reaching -= byCount[count - 1] ?? 0
    const [low, high] = rateInterval(reaching, n, confidence)
    lower += low
    upper += high
  }
  return [lower, upper]
}

/**
 * Two one-sided bounds of the mean of `n` counts from 0 on, of which only the sum is known. Counts that are all 0 or the highest
 * possible one scatter most, and hits of a rate are such counts. So the bounds of that rate hold for whatever bursts made the sum.
 */
export function meanOfSumInterval(sum: number, n: number, confidence = CONFIDENCE): [lower: number, upper: number] {
  // A burst is taken to be no higher than an unseen one, or than twice the mean where that is more.
  const highest = Math.max(MAX_UNSEEN_COUNT, Math.ceil((2 * sum) / n))
  const [lower] = rateInterval(Math.floor(sum / highest), n, confidence)
  const [, upper] = rateInterval(Math.ceil(sum / highest), n, confidence)
  return [highest * lower, highest * upper]
}
