// A plan's arrivals as they were drawn once, in columns: whoever plays them again reads them and draws nothing.
import type { Ms } from '../kernel/clock.ts'
import { type Arrival, arrivalOf } from './arrivals.ts'
import type { PlannedLoad } from './plan.ts'

/** Sixteen bytes are kept of each. A longer load is drawn again. */
const MOST_KEPT = 200_000

export class KnownArrivals {
  readonly #load: Pick<PlannedLoad, 'mix'>
  readonly #dueMs: Ms[] = []
  readonly #ways: number[] = []

  constructor(load: Pick<PlannedLoad, 'mix'>) {
    this.#load = load
  }

  get isFull(): boolean {
    return this.#ways.length === MOST_KEPT
  }

  /** The next one. */
  add({ dueMs, way }: Arrival): void {
    this.#dueMs.push(dueMs)
    this.#ways.push(way)
  }

  /** By ordinal; undefined after the last. */
  at(index: number): Arrival | undefined {
    const way = this.#ways[index]
    return way === undefined ? undefined : arrivalOf(this.#load, index, this.#dueMs[index]!, way)
  }
}
