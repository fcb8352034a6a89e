// The legs of a request's way: how long each takes is drawn from the calibration, with a stream of draws of its own.
import type { Ms } from '../kernel/clock.ts'
import { draws, inRows } from '../kernel/random.ts'
import { type Calibration, type Leg, spansOf } from './calibration/calibration.ts'

/** Each call draws the next span. */
export type Legs = { readonly [Each in Leg]: () => Ms }

export function openLegs(calibration: Calibration, seed: number): Legs {
  const leg = (name: Leg): (() => Ms) => {
    const draw = draws(seed, `simulation/${name}`)
    const spanAt = spansOf(calibration[name])
    const span = inRows((ordinal) => spanAt(draw(ordinal)))
    let drawn = 0
    return () => span(drawn++)
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
