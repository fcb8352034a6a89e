import { expect, it } from 'vitest'
import { calibrationSchema, defaultCalibration, quantiles, spanAt } from '../../../src/simulation/calibration/calibration.ts'

it('draws the measured spans at their shares, and between them in proportion', () => {
  const measured = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
  expect(quantiles.slice(0, -1).map((share) => spanAt(measured, share))).toEqual(measured.slice(0, -1))
  expect(spanAt(measured, 0.375)).toBeCloseTo(3.5)
  expect(spanAt(measured, 0.9999)).toBeCloseTo(9.9)
})

it('draws rare spans as they are measured: p97.5 lies nearer to p95 than to p99', () => {
  // Lateness of gemini-outage on a busy machine, whose p97.5 was 1.78 ms.
  const late = [0.01, 0.09, 0.31, 0.6, 0.91, 1.1, 1.34, 3.18, 12, 20]
  expect(spanAt(late, 0.975)).toBeCloseTo(1.94, 1)
  expect(spanAt(late, 0.95)).toBe(1.34)
  expect(spanAt(late, 0.99 - 1e-9)).toBeCloseTo(3.18)
  const nothing = late.map(() => 0)
  expect(spanAt(nothing, 0.975)).toBe(0)
})

it('ships a default that it would accept, and refuses spans that fall', () => {
  expect(calibrationSchema.parse(defaultCalibration)).toEqual(defaultCalibration)
  expect(calibrationSchema.safeParse({ ...defaultCalibration, late: defaultCalibration.late.toReversed() }).success).toBe(false)
})
