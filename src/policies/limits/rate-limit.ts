// Spaces requests out by a pace, with a bounded queue in front. A waiter holds no appointment, only a position: one that gives up
// leaves no gap, all behind it move up at once. What is refused, or gives up, costs no token.
import type { Ms } from '../../kernel/clock.ts'
import type { RejectReason, Waiter } from '../effects.ts'
import { MinimumInterval } from './minimum-interval.ts'
import type { Pace } from './pacer.ts'
import type { Room } from './waiting-queue.ts'
import type { UpstreamPolicies } from '../settings.ts'
import { TokenBucket } from './token-bucket.ts'

export type RateLimitSettings = NonNullable<UpstreamPolicies['rateLimit']>

interface QueuedCall extends Waiter {
  ahead: number
}

export class RateLimit implements Room {
  readonly refusal: RejectReason = 'rate_limited'
  readonly maxWaitMs: Ms
  readonly #pace: Pace
  readonly #queueLimit: number
  readonly #queue = new Set<QueuedCall>()

  constructor(settings: RateLimitSettings) {
    this.#pace = settings.kind === 'minimum_interval' ? new MinimumInterval(settings) : new TokenBucket(settings)
    this.#queueLimit = settings.queue
    this.maxWaitMs = settings.maxWait ?? Number.POSITIVE_INFINITY
  }

  get queued(): number {
    return this.#queue.size
  }

  tryEnter(now: Ms): boolean {
    if (this.#pace.delay(this.#queue.size, now) > 0) return false
    this.#pace.take(now)
    return true
  }

  /** How long a refused caller should wait. */
  retryAfter(now: Ms): Ms {
    return this.#pace.delay(this.#queue.size, now)
  }

  join(): Waiter | undefined {
    if (this.#queue.size >= this.#queueLimit) return undefined
    const waiter: QueuedCall = { wake: undefined, ahead: this.#queue.size }
    this.#queue.add(waiter)
    return waiter
  }

  // Two that are due together may pass in either order, but none before those ahead of it have what they need.
  claim(waiter: Waiter, now: Ms): boolean {
    if (this.dueIn(waiter, now) > 0) return false
    this.#pace.take(now)
    this.#moveUp(waiter as QueuedCall) // every waiter handed to a rate limit is one that it made in `join`
    return true
  }

  dueIn(waiter: Waiter, now: Ms): Ms {
    return this.#pace.delay((waiter as QueuedCall).ahead, now) // as above
  }

  leave(waiter: Waiter): void {
    const behind = this.#moveUp(waiter as QueuedCall) // as above
    for (const call of behind) call.wake?.()
  }

  #moveUp(waiter: QueuedCall): QueuedCall[] {
    if (!this.#queue.delete(waiter)) return []
    const behind = [...this.#queue].filter((call) => call.ahead > waiter.ahead)
    for (const call of behind) call.ahead--
    return behind
  }
}
