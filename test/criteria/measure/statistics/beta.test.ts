import fc from 'fast-check'
import { expect, it } from 'vitest'
import { betaCdf, betaQuantile } from '../../../../src/criteria/measure/statistics/beta.ts'
import { propertyRuns } from '../../../property-runs.ts'

const parameter = fc.double({ min: 0.5, max: 100_000, noNaN: true })
const probability = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true })

// mpmath 1.3.0, betainc(a, b, 0, x, regularized=True) with 40 digits.
it.each([
  [0.1, 0.5, 0.5, 0.204832764699133],
  [0.4, 2, 3, 0.5248],
  [0.0169, 11, 990, 0.949924884457523],
  [0.51, 1_000, 1_000, 0.814447340568488],
  [0.99, 500, 2, 0.0394228982544878],
  [0.000103, 1_000, 9_999_001, 0.828924482085157],
  [0.5003, 1_000_000, 1_000_000, 0.801928037157911],
])('gives P(X ≤ %d) of beta(%d, %d)', (x, a, b, p) => {
  expect(Math.abs(betaCdf(x, a, b) - p)).toBeLessThan(1e-11)
})

it('has the closed forms of beta(a, 1), of beta(1, b), and of beta(2, 2)', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.5, max: 500, noNaN: true }), (x, a) => {
      expect(betaCdf(x, a, 1)).toBeCloseTo(x ** a, 11)
      expect(betaCdf(x, 1, a)).toBeCloseTo(1 - (1 - x) ** a, 11)
      expect(betaCdf(x, 2, 2)).toBeCloseTo(x * x * (3 - 2 * x), 11)
    }),
    { seed: 21, numRuns: propertyRuns(0.3) },
  )
})

it('mirrors: P(X ≤ x) of beta(a, b) and P(X ≤ 1 − x) of beta(b, a) make up the whole', () => {
  fc.assert(
    fc.property(parameter, parameter, fc.integer({ min: 0, max: 1024 }), (a, b, part) => {
      // 1 − x is exact for these.
      const x = part / 1024
      expect(betaCdf(x, a, b) + betaCdf(1 - x, b, a)).toBeCloseTo(1, 9)
    }),
    { seed: 22, numRuns: propertyRuns(0.3) },
  )
})

it('finds the x that has a probability', () => {
  fc.assert(
    fc.property(parameter, parameter, probability, (a, b, p) => {
      const x = betaQuantile(p, a, b)
      // As near as the next representable x allows: near 1 there are few.
      const above = betaCdf(Math.min(1, x * (1 + 4e-14)), a, b)
      const below = betaCdf(x * (1 - 4e-14), a, b)
      expect(below - 1e-10).toBeLessThanOrEqual(p)
      expect(above + 1e-10).toBeGreaterThanOrEqual(p)
    }),
    { seed: 23, numRuns: propertyRuns(0.3) },
  )
})
