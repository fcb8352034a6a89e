// A rate limit of its own for each key (a client, a user), without queues. Memory is bounded: the keys that were quiet the longest
// are forgotten first. A forgotten key that comes back begins with a full burst.
import type { Ms } from '../../kernel/clock.ts'
import { RateLimit, type RateLimitSettings } from './rate-limit.ts'

export class KeyedRateLimit {
  readonly #settings: RateLimitSettings
  readonly #maxKeys: number
  readonly #limits = new Map<string, RateLimit>()

  constructor(settings: RateLimitSettings, maxKeys = 10_000) {
    this.#settings = settings
    this.#maxKeys = maxKeys
  }

  get keys(): number {
    return this.#limits.size
  }

  /** 0: `key` may go on, and has used one of its requests. Otherwise the time until it may, and nothing is used. */
  tryEnter(key: string, now: Ms): Ms {
    const limit = this.#limits.get(key) ?? new RateLimit(this.#settings)
    this.#limits.delete(key)
    this.#limits.set(key, limit)
    if (this.#limits.size > this.#maxKeys) this.#limits.delete(this.#limits.keys().next().value!)
    return limit.tryEnter(now) ? 0 : limit.retryAfter(now)
  }
}
