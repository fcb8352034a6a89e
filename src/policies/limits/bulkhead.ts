// A bulkhead bounds the requests that are at an upstream at one time. Its queue is bounded; first come, first served.
// A slot is given back when the upstream's work is over, not when somebody stops waiting for the answer. A freed slot goes to the
// first in the queue at once, so that no newcomer can overtake.
import * as z from 'zod'
import type { PolicyRefusal } from '../../contract/refusals.ts'
import type { Ms } from '../../kernel/clock.ts'
import { duration } from '../../kernel/validation.ts'
import type { Waiter } from '../effects.ts'
import type { LimitRule } from './adaptive/limit-rule.ts'
import { adaptiveLimitSettings, limitRule } from './adaptive/limit-rules.ts'
import type { EndedAttempt, WaitingQueue } from './waiting-queue.ts'

export const bulkheadSettings = z
  .strictObject({
    /** Requests at the upstream at most; where an adaptive limit begins. */
    concurrent: z.int().min(1).default(64),
    /** Requests that may wait for a place. */
    queue: z.int().min(0).default(0),
    /** Longest wait in the queue. Default: as long as the call's total timeout allows. */
    maxWait: duration.optional(),
    adaptive: adaptiveLimitSettings.optional(),
  })
  .refine(({ adaptive, concurrent }) => !adaptive || (adaptive.min <= concurrent && concurrent <= adaptive.max), {
    path: ['concurrent'],
    message: 'must lie between adaptive.min and adaptive.max: the limit begins there',
  })

interface QueuedCall extends Waiter {
  /** It holds a slot already, and has not claimed it yet. */
  granted: boolean
}

export class Bulkhead implements WaitingQueue {
  readonly refusal: PolicyRefusal = 'bulkhead_full'
  readonly maxWaitMs: Ms
  /** Moves an adaptive limit. Slots above a lower limit are not taken back, but not given out again. */
  readonly attemptEnded: ((attempt: EndedAttempt) => void) | undefined
  readonly #queueLimit: number
  // A Set keeps the order of arrival, and deletes from the middle at once.
  readonly #queue = new Set<QueuedCall>()
  #limit: number
  #inUse = 0

  constructor(settings: z.output<typeof bulkheadSettings>) {
    this.#limit = settings.concurrent
    this.#queueLimit = settings.queue
    if (settings.adaptive) {
      const rule = limitRule(settings.adaptive, settings.concurrent)
      this.attemptEnded = this.#adapt.bind(this, rule)
    }
    this.maxWaitMs = settings.maxWait ?? Number.POSITIVE_INFINITY
  }

  get inUse(): number {
    return this.#inUse
  }

  get queued(): number {
    return this.#queue.size
  }

  get limit(): number {
    return this.#limit
  }

  isFree(): boolean {
    return this.#inUse < this.#limit && this.#queue.size === 0
  }

  tryEnter(): boolean {
    if (!this.isFree()) return false
    this.#inUse++
    return true
  }

  release(): void {
    this.#inUse--
    if (this.#queue.size > 0) this.#grant()
  }

  retryAfter(): Ms {
    return 0
  }

  join(): Waiter | undefined {
    if (this.#queue.size >= this.#queueLimit) return undefined
    const waiter: QueuedCall = { wake: undefined, granted: false }
    this.#queue.add(waiter)
    return waiter
  }

  claim(waiter: Waiter): boolean {
    return (waiter as QueuedCall).granted // every waiter handed to a bulkhead is one that it made in `join`
  }

  dueIn(): Ms {
    return Number.POSITIVE_INFINITY
  }

  leave(waiter: Waiter): void {
    const call = waiter as QueuedCall // as above
    if (this.#queue.delete(call) || !call.granted) return
    // It was given a slot at the very moment that it gave up.
    call.granted = false
    this.release()
  }

  #adapt(rule: LimitRule, attempt: EndedAttempt): void {
    if (attempt.class !== 'success' && attempt.class !== 'failure') return
    const { startedAt, now, inFlight } = attempt
    this.#limit = rule.sample({ startedAt, now, inFlight, dropped: attempt.class === 'failure' })
    this.#grant()
  }

  #grant(): void {
    while (this.#inUse < this.#limit) {
      const [first] = this.#queue
      if (!first) return
      this.#queue.delete(first)
      this.#inUse++
      first.granted = true
      first.wake?.()
    }
  }
}
