// A rate limit spaces requests out. Its queue is bounded; a waiter keeps its position, not a time. When a waiter gives up, those
// behind it move up at once. A call that is refused, or gives up, costs no token.
import * as z from 'zod'
import type { PolicyRefusal } from '../../contract/refusals.ts'
import type { Ms } from '../../kernel/clock.ts'
import { duration } from '../../kernel/validation.ts'
import type { Waiter } from '../effects.ts'
import { MinimumInterval, minimumIntervalSettings } from './minimum-interval.ts'
import type { Pacer } from './pacer.ts'
import { TokenBucket, tokenBucketSettings } from './token-bucket.ts'
import type { WaitingQueue } from './waiting-queue.ts'

const waiting = {
  /** Requests that may wait for their turn. */
  queue: z.int().min(0).default(0),
  /** Longest wait in the queue. Default: as long as the call's total timeout allows. */
  maxWait: duration.optional(),
}

export const rateLimitSettings = z.union([
  z.strictObject({ ...minimumIntervalSettings, ...waiting }),
  z.strictObject({ ...tokenBucketSettings, ...waiting }),
])

export type RateLimitSettings = z.output<typeof rateLimitSettings>

interface QueuedCall extends Waiter {
  ahead: number
}

export class RateLimit implements WaitingQueue {
  readonly refusal: PolicyRefusal = 'rate_limited'
  readonly maxWaitMs: Ms
  readonly #pacer: Pacer
  readonly #queueLimit: number
  readonly #queue = new Set<QueuedCall>()

  constructor(settings: RateLimitSettings) {
    this.#pacer = settings.kind === 'minimum_interval' ? new MinimumInterval(settings) : new TokenBucket(settings)
    this.#queueLimit = settings.queue
    this.maxWaitMs = settings.maxWait ?? Number.POSITIVE_INFINITY
  }

  get queued(): number {
    return this.#queue.size
  }

  isFree(now: Ms): boolean {
    return this.#pacer.delay(this.#queue.size, now) === 0
  }

  tryEnter(now: Ms): boolean {
    if (!this.isFree(now)) return false
    this.#pacer.take(now)
    return true
  }

  retryAfter(now: Ms): Ms {
    return this.#pacer.delay(this.#queue.size, now)
  }

  join(): Waiter | undefined {
    if (this.#queue.size >= this.#queueLimit) return undefined
    const waiter: QueuedCall = { wake: undefined, ahead: this.#queue.size }
    this.#queue.add(waiter)
    return waiter
  }

  // Two waiters that are due together may pass in either order. None passes before those ahead of it are due.
  claim(waiter: Waiter, now: Ms): boolean {
    if (this.dueIn(waiter, now) > 0) return false
    this.#pacer.take(now)
    this.#moveUp(waiter as QueuedCall) // every waiter handed to a rate limit is one that it made in `join`
    return true
  }

  dueIn(waiter: Waiter, now: Ms): Ms {
    return this.#pacer.delay((waiter as QueuedCall).ahead, now) // as above
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
