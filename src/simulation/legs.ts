// The legs of a request's way: how long each takes is drawn from the calibration, with a stream of draws of its own.
import type { Ms } from '../kernel/clock.ts'
import { draws } from '../kernel/random.ts'
import { type Calibration, type Leg, spansOf } from './calibration/calibration.ts'

/** Each call draws the next span. */
export type Legs = { readonly [Each in Leg]: () => Ms }

const ROW = 64

export function openLegs(calibration: Calibration, seed: number): Legs {
  const leg = (name: Leg): (() => Ms) => {
    const draw = draws(seed, `simulation/${name}`)
    const spanAt = spansOf(calibration[name])
    // Drawn in rows: code that is gone through again and again at once takes half the time.
    const row = new Float64Array(ROW)
    const fill = (from: number): void => {
      for (let at = 0; at < ROW; at++) row[at] = spanAt(draw(from + at))
    }
    let drawn = 0
    return () => {
      const place = drawn % ROW
      if (place === 0) fill(drawn)
      drawn++
      return row[place]!
    }
  }
  return {
    late: leg('late'),
    toGateway: leg('toGateway'),
    toUpstream: leg('toUpstream'),
    timer: leg('timer'),
    fromUpstream: leg('fromUpstream'),
    toClient: leg('toClient'),
    connect: leg('connect'),
    fault: leg('fault'),
  }
}
