import { expect, it } from 'vitest'
import { calibrationSchema, defaultCalibration, quantiles, spanAt } from '../../../src/simulation/calibration/calibration.ts'

it('draws the measured spans at their shares, and between them in proportion', () => {
  const measured = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
  expect(quantiles.slice(0, -1).map((share) => spanAt(measured, share))).toEqual(measured.slice(0, -1))
  expect(spanAt(measured, 0.375)).toBeCloseTo(3.5)
  expect(spanAt(measured, 0.9999)).toBeCloseTo(9.9)
})

it('ships a default that it would accept, and refuses spans that fall', () => {
  expect(calibrationSchema.parse(defaultCalibration)).toEqual(defaultCalibration)
  expect(calibrationSchema.safeParse({ ...defaultCalibration, late: defaultCalibration.late.toReversed() }).success).toBe(false)
})
