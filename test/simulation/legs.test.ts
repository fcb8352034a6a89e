import { expect, it } from 'vitest'
import { draws } from '../../src/kernel/random.ts'
import { defaultCalibration, spanAt } from '../../src/simulation/calibration/calibration.ts'
import { openLegs } from '../../src/simulation/legs.ts'

it('draws the spans of each leg in turn, each leg with draws of its own', () => {
  const legs = openLegs(defaultCalibration, 7)
  const draw = draws(7, 'simulation/late')
  for (let ordinal = 0; ordinal < 200; ordinal++) {
    if (ordinal % 3 === 0) legs.toClient.next()
    expect(legs.late.next()).toBe(spanAt(defaultCalibration.late, draw(ordinal)))
  }
})
