import { expect, it } from 'vitest'
import { passChance, samplesToPass } from '../../../../src/criteria/measure/statistics/power.ts'

it('tells how likely a run proves a limit: only without any error, where one would be too many', () => {
  // Below 0.1 % of 4,077 passes with none alone: 0.9999 ^ 4077, 0.9995 ^ 4077.
  expect(passChance(4077, 0.001, 0.0001)).toBeCloseTo(0.9999 ** 4077, 10)
  expect(passChance(4077, 0.001, 0.0005)).toBeCloseTo(0.9995 ** 4077, 10)
  // Five times better than promised, and undecided in more than half of all runs.
  expect(passChance(4077, 0.001, 0.0002)).toBeCloseTo(0.4424, 4)
  expect(passChance(2994, 0.001, 0)).toBe(0)
  expect(passChance(2995, 0.001, 0)).toBe(1)
})

it('tells how many requests a much better gateway passes with nearly always', () => {
  const n = samplesToPass(0.001)
  expect(passChance(n, 0.001, 0.0001)).toBeGreaterThanOrEqual(0.95)
  expect(n).toBeGreaterThan(4077)
  expect(n).toBeLessThan(10_000)
})
