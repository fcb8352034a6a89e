// Additive increase, multiplicative decrease (Netflix concurrency-limits, AIMDLimit): one more while the limit is busy and all is well,
// a tenth fewer when a request is dropped or too slow.
import type { Ms } from '../../../kernel/clock.ts'
import type { LimitRule, LimitSample } from './limit-rule.ts'

export class Aimd implements LimitRule {
  readonly #settings: { min: number; max: number; backoff: number; slow: Ms }
  #limit: number
  #epoch = Number.NEGATIVE_INFINITY

  constructor(settings: { min: number; max: number; backoff: number; slow: Ms }, initial: number) {
    this.#settings = settings
    this.#limit = initial
  }

  sample({ startedAt, now, inFlight, dropped }: LimitSample): number {
    const { min, max, backoff, slow } = this.#settings
    // What began under an older limit speaks of that one: one burst of drops is one decrease.
    if (startedAt < this.#epoch) return this.#limit
    if (dropped || now - startedAt > slow) {
      this.#limit = Math.max(min, Math.floor(this.#limit * backoff))
      this.#epoch = now
    } else if (inFlight * 2 >= this.#limit) this.#limit = Math.min(max, this.#limit + 1)
    return this.#limit
  }
}
