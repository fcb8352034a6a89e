// Follows latency (Netflix concurrency-limits, Gradient2Limit): the limit shrinks by the ratio of long-term to present latency,
// and grows by a small queue while they agree.
import type { LimitRule, LimitSample } from './limit-rule.ts'

// Room for a queue at the upstream: without it the limit could never grow, since the gradient is at most 1.
const QUEUE = 4
// The long-term latency is an exponential average over about so many samples.
const LONG_WINDOW = 600

export class Gradient implements LimitRule {
  readonly #settings: { min: number; max: number; tolerance: number; smoothing: number }
  #limit: number
  #longTerm = 0
  #epoch = Number.NEGATIVE_INFINITY

  constructor(settings: { min: number; max: number; tolerance: number; smoothing: number }, initial: number) {
    this.#settings = settings
    this.#limit = initial
  }

  sample({ startedAt, now, inFlight, dropped }: LimitSample): number {
    if (startedAt < this.#epoch) return this.#whole()
    const { min, max, tolerance, smoothing } = this.#settings
    if (dropped) {
      this.#limit = Math.max(min, this.#limit * 0.9)
      this.#epoch = now
      return this.#whole()
    }
    const present = Math.max(now - startedAt, Number.MIN_VALUE)
    this.#longTerm = this.#longTerm === 0 ? present : this.#longTerm + (present - this.#longTerm) / LONG_WINDOW
    // After an overload the average is far too high: it comes down faster than it went up.
    if (this.#longTerm > 2 * present) this.#longTerm *= 0.95
    // An idle limit has proved nothing: it may not grow.
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
