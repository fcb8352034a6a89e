// A place with limited room in front of an upstream: the bulkhead, and the rate limit. Calls enter at once, queue, or are refused.
import type { Ms } from '../../kernel/clock.ts'
import type { RejectReason, Waiter } from '../effects.ts'

export interface Room {
  readonly refusal: RejectReason
  /** How long a waiter may stand in the queue; Infinity: as long as its call's deadline allows. */
  readonly maxWaitMs: Ms
  /** Takes a place without waiting. Never overtakes a queue. */
  tryEnter(now: Ms): boolean
  /** Takes a place in the queue; undefined when the queue is full. */
  join(): Waiter | undefined
  /** Whether the waiter's turn has come: true takes the place and ends the waiting. */
  claim(waiter: Waiter, now: Ms): boolean
  /** When its turn will come if nobody ahead gives up; Infinity when that cannot be known. */
  dueIn(waiter: Waiter, now: Ms): Ms
  /** Ends the waiting, at once; whoever stands behind moves up. */
  leave(waiter: Waiter): void
}
