import { expect, it } from 'vitest'
import { meanInterval, meanOf, meanOfSumInterval } from '../../../../src/criteria/measure/statistics/mean-of-counts.ts'
import { rateInterval } from '../../../../src/criteria/measure/statistics/statistics.ts'

it('counts only what counted at least one', () => {
  expect(meanOf([500, 3, 0, 1])).toEqual({ n: 4, sum: 6 })
  expect(meanOf([])).toEqual({ n: 0, sum: 0 })
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

it('bounds counts by their sum alone more widely, and never below what their sum says', () => {
  const [lower, upper] = meanOfSumInterval(1200, 1000)
  const [known, knownUpper] = meanInterval([0, 900, 0, 100])
  expect([lower < known, upper > knownUpper]).toEqual([true, true])
  expect(meanOfSumInterval(0, 100)).toEqual([0, expect.closeTo(10 * rateInterval(0, 100)[1], 9)])
  // Two hundred for each of ten: no burst of ten explains that.
  expect(meanOfSumInterval(2000, 10)[0]).toBeGreaterThan(80)
})
