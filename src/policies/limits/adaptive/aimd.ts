// Additive increase, multiplicative decrease (Netflix concurrency-limits, AIMDLimit). The limit grows by one after a success while
// at least half of it is in use. It shrinks by a factor after a request that failed or was too slow.
import * as z from 'zod'
import type { Ms } from '../../../kernel/clock.ts'
import { positiveDuration } from '../../../kernel/validation.ts'
import { bounds } from './bounds.ts'
import type { LimitRule, LimitSample } from './limit-rule.ts'

export const aimdSettings = z.strictObject({
  /** `aimd` or `gradient`: how the limit follows the latency. */
  kind: z.literal('aimd'),
  ...bounds,
  /** The factor by which the limit shrinks. */
  backoff: z.number().gt(0).lt(1).default(0.9),
  /** A request that takes longer counts as failed. */
  slow: positiveDuration.default(5000),
})

type Settings = z.output<typeof aimdSettings>

export class Aimd implements LimitRule {
  readonly #settings: Settings
  #limit: number
  /** When the limit last shrank. */
  #shrankAt: Ms = Number.NEGATIVE_INFINITY

  constructor(settings: Settings, initial: number) {
    this.#settings = settings
    this.#limit = initial
  }

  sample({ startedAt, now, inFlight, dropped }: LimitSample): number {
    const { min, max, backoff, slow } = this.#settings
    // A request that began before the last decrease was made under the older limit: one burst of failures is one decrease.
    if (startedAt < this.#shrankAt) return this.#limit
    if (dropped || now - startedAt > slow) {
      this.#limit = Math.max(min, Math.floor(this.#limit * backoff))
      this.#shrankAt = now
    } else if (inFlight * 2 >= this.#limit) this.#limit = Math.min(max, this.#limit + 1)
    return this.#limit
  }
}
