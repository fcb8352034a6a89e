// A plan's arrivals as they were drawn once, in columns: whoever plays them again reads them and draws nothing.
import type { Ms } from '../kernel/clock.ts'
import { type Arrival, Ways } from './arrivals.ts'
import type { PlannedLoad } from './plan.ts'

/** Sixteen bytes are kept of each. A longer load is drawn again. */
const MOST_KEPT = 200_000

export class KnownArrivals {
  readonly #ways: Ways
  readonly #dueMs: Ms[] = []
  readonly #wayOf: number[] = []

  constructor(load: Pick<PlannedLoad, 'mix'>) {
    this.#ways = new Ways(load)
  }

  get isFull(): boolean {
    return this.#wayOf.length === MOST_KEPT
  }

  /** The next one. */
  add({ dueMs, way }: Arrival): void {
    this.#dueMs.push(dueMs)
    this.#wayOf.push(way)
  }

  /** By ordinal; undefined after the last. */
  at(index: number): Arrival | undefined {
    const way = this.#wayOf[index]
    return way === undefined ? undefined : this.#ways.arrival(index, this.#dueMs[index]!, way)
  }
}
