// A limit that follows latency (Netflix concurrency-limits, Gradient2Limit). It shrinks by the ratio of long-term to present
// latency, and grows by a small queue while they agree.
import * as z from 'zod'
import type { Ms } from '../../../kernel/clock.ts'
import { bounds } from './bounds.ts'
import type { LimitRule, LimitSample } from './limit-rule.ts'

export const gradientSettings = z.strictObject({
  kind: z.literal('gradient'),
  ...bounds,
  /** The limit does not shrink before the present latency is so many times the long-term one. */
  tolerance: z.number().min(1).default(1.5),
  /** The share (0–1) of a newly found limit in the next one. */
  smoothing: z.number().gt(0).max(1).default(0.2),
})

type Settings = z.output<typeof gradientSettings>

// Room for a queue at the upstream. The gradient is at most 1, so the limit could not grow without it.
const QUEUE = 4
// The long-term latency is an exponential average over about so many samples.
const LONG_WINDOW = 600

export class Gradient implements LimitRule {
  readonly #settings: Settings
  #limit: number
  #longTerm: Ms = 0
  /** When a failed request last made the limit shrink. */
  #shrankAt: Ms = Number.NEGATIVE_INFINITY

  constructor(settings: Settings, initial: number) {
    this.#settings = settings
    this.#limit = initial
  }

  sample({ startedAt, now, inFlight, dropped }: LimitSample): number {
    if (startedAt < this.#shrankAt) return this.#whole()
    const { min, max, tolerance, smoothing } = this.#settings
    if (dropped) {
      this.#limit = Math.max(min, this.#limit * 0.9)
      this.#shrankAt = now
      return this.#whole()
    }
    const present = Math.max(now - startedAt, Number.MIN_VALUE)
    this.#longTerm = this.#longTerm === 0 ? present : this.#longTerm + (present - this.#longTerm) / LONG_WINDOW
    // After an overload the average is far too high. It falls faster than it rises.
    if (this.#longTerm > 2 * present) this.#longTerm *= 0.95
    // A limit that is not used proves nothing, and may not grow.
    if (inFlight < this.#limit / 2) return this.#whole()
    const gradient = Math.min(1, Math.max(0.5, (tolerance * this.#longTerm) / present))
    const wanted = this.#limit * gradient + QUEUE
    this.#limit = Math.min(max, Math.max(min, this.#limit * (1 - smoothing) + wanted * smoothing))
    return this.#whole()
  }

  #whole(): number {
    return Math.floor(this.#limit)
  }
}
