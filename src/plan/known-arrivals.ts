// A plan's arrivals as they were drawn once, in columns: whoever plays them again reads them and draws nothing.
import type { Ms } from '../kernel/clock.ts'
import { type Arrival, arrivalOf } from './arrivals.ts'
import type { PlannedLoad } from './plan.ts'

/** Sixteen bytes are kept of each. A longer load is drawn again. */
const MOST_KEPT = 200_000

export class KnownArrivals {
  readonly #mix: PlannedLoad['mix']
  readonly #dueMs: Ms[] = []
  /** The place of the route in the mix, and which of its ways: both in one number. */
  readonly #asked: number[] = []

  constructor({ mix }: Pick<PlannedLoad, 'mix'>) {
    this.#mix = mix
  }

  get isFull(): boolean {
    return this.#asked.length === MOST_KEPT
  }

  /** The next one. `place`: of its route in the mix. */
  add({ dueMs, way }: Arrival, place: number): void {
    this.#dueMs.push(dueMs)
    this.#asked.push(way * this.#mix.length + place)
  }

  /** By ordinal; undefined after the last. */
  at(index: number): Arrival | undefined {
    const asked = this.#asked[index]
    if (asked === undefined) return undefined
    const place = asked % this.#mix.length
    return arrivalOf(index, this.#dueMs[index]!, this.#mix[place]!, (asked - place) / this.#mix.length)
  }
}
