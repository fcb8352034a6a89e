// Bounds the requests that are at an upstream at one time, with a bounded queue in front: first come, first served among
// those still waiting. A slot is given back when the upstream's work is over, not when somebody stops waiting for it; a freed slot
// goes straight to the first in the queue, so nobody can slip in between.
import type { Ms } from '../../kernel/clock.ts'
import type { RejectReason, Waiter } from '../effects.ts'
import type { Room } from './waiting-queue.ts'

interface QueuedCall extends Waiter {
  /** It holds a slot already, and has not claimed it yet. */
  granted: boolean
}

export class Bulkhead implements Room {
  readonly refusal: RejectReason = 'bulkhead_full'
  readonly maxWaitMs: Ms
  readonly #queueLimit: number
  // A Set keeps the order of arrival and forgets a waiter in the middle at once.
  readonly #queue = new Set<QueuedCall>()
  #limit: number
  #inUse = 0

  constructor(settings: { concurrent: number; queue: number; maxWait?: Ms | undefined }) {
    this.#limit = settings.concurrent
    this.#queueLimit = settings.queue
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

  /** Moves the limit. Slots above a lower one are not taken back, but not given out again. */
  resize(limit: number): void {
    this.#limit = limit
    this.#grant()
  }

  tryEnter(): boolean {
    if (this.#inUse >= this.#limit || this.#queue.size > 0) return false
    this.#inUse++
    return true
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

  /** Nobody knows when a slot will be free. */
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

  /** Gives one slot back: to be called once for each that was entered or claimed. */
  release(): void {
    this.#inUse--
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
