import { expect, it } from 'vitest'
import { meanInterval, meanOf } from '../../../../src/criteria/measure/statistics/mean-of-counts.ts'
import { rateInterval } from '../../../../src/criteria/measure/statistics/statistics.ts'
import { seededRandom } from '../../../../src/kernel/random.ts'

/** How many samples counted 0, 1, 2 … */
type Shares = readonly number[]

const families: [name: string, shares: Shares][] = [
  ['one in fifty four times', [0, 0.98, 0, 0, 0.02]],
  ['one in five hundred ten times', [0, 0.998, 0, 0, 0, 0, 0, 0, 0, 0, 0.002]],
  ['three of ten thrice', [0, 0.7, 0, 0.3]],
  ['half as many each time', [0, 0.5, 0.25, 0.125, 0.0625, 0.0625]],
  ['anything up to ten', [0, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]],
  ['twice, and one in ten nine times', [0, 0, 0.9, 0, 0, 0, 0, 0, 0, 0.1]],
]

it('counts only what counted at least one', () => {
  expect(meanOf([500, 3, 0, 1])).toEqual({ n: 4, sum: 6 })
  expect(meanOf([])).toEqual({ n: 0, sum: 0 })
})

it.each(families)('is wrong at either end in at most one case of twenty: %s', (_, shares) => {
  const random = seededRandom(11)
  const mean = shares.reduce((total, share, count) => total + share * count, 0)
  const trials = 300
  for (const n of [10, 30, 100, 1000]) {
    let [above, below] = [0, 0]
    for (let trial = 0; trial < trials; trial++) {
      const [lower, upper] = meanInterval(drawn(shares, n, () => random.next()))
      if (lower > mean) above++
      if (upper < mean) below++
    }
    // Three standard errors of 300 trials beyond 5 %.
    expect(above / trials, `lower bound, n = ${n}`).toBeLessThan(0.088)
    expect(below / trials, `upper bound, n = ${n}`).toBeLessThan(0.088)
  }
})

it('narrows as samples come', () => {
  const width = (n: number): number => {
    const [lower, upper] = meanInterval([0, 0.9 * n, 0, 0.1 * n])
    return upper - lower
  }
  expect(width(1000)).toBeLessThan(width(100) / 2)
  expect(width(1000)).toBeLessThan(0.15)
})

it('leaves room for bursts that no sample has shown, and no less for those that were seen', () => {
  const [, unseen] = rateInterval(0, 100)
  expect(meanInterval([0, 100])[1]).toBeCloseTo(1 + 9 * unseen, 9)
  expect(meanInterval([0, 99, ...Array.from({ length: 198 }, () => 0), 1])[1]).toBeGreaterThan(1 + 198 * unseen)
})

function drawn(shares: Shares, n: number, next: () => number): number[] {
  const counts = shares.map(() => 0)
  for (let sample = 0; sample < n; sample++) {
    let left = next()
    const place = shares.findIndex((share) => (left -= share) < 0)
    counts[place < 0 ? counts.length - 1 : place]!++
  }
  return counts
}
