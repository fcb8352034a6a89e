// So many requests a second on average, and a burst of them after a quiet time: a bucket that fills evenly. On a monotonic clock,
// without windows: no interval admits more than its share and one burst, wherever it begins.
import type { Ms } from '../../kernel/clock.ts'
import type { Pace } from './pacer.ts'

// A timer cannot tell less than this. What is taken early stays owed: the rate is exact.
const HAIR: Ms = 1e-3

export class TokenBucket implements Pace {
  readonly #perMs: number
  readonly #burst: number
  #tokens: number
  #filledAt: Ms = Number.NEGATIVE_INFINITY

  constructor({ limit, per, burst = Math.max(1, Math.floor(limit)) }: { limit: number; per: Ms; burst?: number | undefined }) {
    this.#perMs = limit / per
    this.#burst = burst
    this.#tokens = burst
  }

  delay(ahead: number, now: Ms): Ms {
    const delay = (ahead + 1 - this.#level(now)) / this.#perMs
    return delay <= HAIR ? 0 : delay
  }

  take(now: Ms): void {
    this.#tokens = this.#level(now) - 1
    this.#filledAt = now
  }

  #level(now: Ms): number {
    return Math.min(this.#burst, this.#tokens + (now - this.#filledAt) * this.#perMs)
  }
}
