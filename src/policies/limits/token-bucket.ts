// A token bucket: so many requests a second on average, and a burst of them after a quiet time. The bucket fills evenly on a
// monotonic clock. There are no windows: any interval, wherever it begins, admits its share and one burst at most.
import * as z from 'zod'
import type { Ms } from '../../kernel/clock.ts'
import { positiveDuration } from '../../kernel/validation.ts'
import { EPSILON, type Pacer } from './pacer.ts'

export const tokenBucketSettings = {
  /** `token_bucket`, or `minimum_interval` between two requests. */
  kind: z.literal('token_bucket').default('token_bucket'),
  /** So many requests `per` span on average, `burst` at once after a quiet time (default: `limit`). */
  limit: z.number().gt(0),
  /** The span of `limit`. */
  per: positiveDuration.default(1000),
  /** Requests that may start at once after a rest. Default: `limit`. */
  burst: z.int().min(1).optional(),
}

export class TokenBucket implements Pacer {
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
    // A token that is taken early stays owed, so the rate is exact.
    return delay <= EPSILON ? 0 : delay
  }

  take(now: Ms): void {
    this.#tokens = this.#level(now) - 1
    this.#filledAt = now
  }

  #level(now: Ms): number {
    return Math.min(this.#burst, this.#tokens + (now - this.#filledAt) * this.#perMs)
  }
}
