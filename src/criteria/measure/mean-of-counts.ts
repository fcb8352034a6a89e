// Bounds of the mean behind small counts, such as the attempts of each request.
//
// The mean of counts of 1 and more is the sum of the shares that reach each count: E[X] = 1 + P(X ≥ 2) + P(X ≥ 3) + … Each share
// has exact bounds, and the counts that reach one share are among those that reach the one before. The bounds of the sum therefore
// cover at least as often as those of one share do; test/criteria/measure/mean-of-counts.test.ts measures it.
import { rateInterval } from './statistics.ts'

/**
 * A sample without a burst may have missed one that is rare. Its size has no bound in the sample, so one is assumed: a request that
 * is tried more often than this is taken to have been seen.
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

/** Two one-sided 95 % bounds of the mean. */
export function meanInterval(byCount: readonly number[]): [lower: number, upper: number] {
  const { n } = meanOf(byCount)
  let [lower, upper] = [1, 1]
  let reaching = n
  for (let count = 2; count <= Math.max(MAX_UNSEEN_COUNT, byCount.length - 1); count++) {
    reaching -= byCount[count - 1] ?? 0
    const [low, high] = rateInterval(reaching, n)
    lower += low
    upper += high
  }
  return [lower, upper]
}
