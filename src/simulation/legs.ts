// The legs of a request's way: how long each takes is drawn from the calibration, with a stream of draws of its own.
import type { Ms } from '../kernel/clock.ts'
import { draws } from '../kernel/random.ts'
import { type Calibration, type Leg, spansOf } from './calibration/calibration.ts'

export type Legs = Readonly<Record<Leg, DrawnLeg>>

export function openLegs(calibration: Calibration, seed: number): Legs {
  const leg = (name: Leg): DrawnLeg => new DrawnLeg(draws(seed, `simulation/${name}`), spansOf(calibration[name]))
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

// Spans are worked out in rows: what is gone through again and again at once takes half the time.
const ROW = 64

class DrawnLeg {
  readonly #draw: (ordinal: number) => number
  readonly #spanAt: (draw: number) => Ms
  readonly #row = new Float64Array(ROW)
  #rows = 0
  /** In the row: the next one. */
  #place = ROW

  constructor(draw: (ordinal: number) => number, spanAt: (draw: number) => Ms) {
    this.#draw = draw
    this.#spanAt = spanAt
  }

  /** How long it takes the next time. */
  next(): Ms {
    if (this.#place === ROW) this.#fill()
    return this.#row[this.#place++]!
  }

  #fill(): void {
    const first = this.#rows++ * ROW
    for (let at = 0; at < ROW; at++) this.#row[at] = this.#spanAt(this.#draw(first + at))
    this.#place = 0
  }
}
