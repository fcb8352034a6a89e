// A limit with a queue in front. A call takes a place at once, waits for one, or is refused.
import type { PolicyRefusal } from '../../contract/refusals.ts'
import type { Ms } from '../../kernel/clock.ts'
import type { AttemptClass } from '../classifier.ts'
import type { Waiter } from '../effects.ts'

/** An attempt that has ended, and what it says about the upstream. */
export interface EndedAttempt {
  startedAt: Ms
  now: Ms
  class: AttemptClass
  /** Requests in the bulkhead when it began, itself included. */
  inFlight: number
}

export interface WaitingQueue {
  /** Why a call is refused that gets no place. */
  readonly refusal: PolicyRefusal
  /** Longest wait in the queue. Infinity: as long as the call's deadline allows. */
  readonly maxWaitMs: Ms
  /** Whether `tryEnter` would succeed. Changes nothing. */
  isFree(now: Ms): boolean
  /** Takes a place without waiting. Never overtakes a queue. */
  tryEnter(now: Ms): boolean
  /** Gives a place back, where places are held: once for each that was taken. A limit on the pace of starts has none. */
  release?(): void
  /** Hears of every attempt that has ended, where the limit depends on them. */
  readonly attemptEnded?: ((attempt: EndedAttempt) => void) | undefined
  /** How long a refused caller should wait; 0 when that is unknown. */
  retryAfter(now: Ms): Ms
  /** Begins to wait; undefined when the queue is full. */
  join(): Waiter | undefined
  /** Whether the waiter's turn has come: true takes the place and ends the waiting. */
  claim(waiter: Waiter, now: Ms): boolean
  /** Time until its turn if nobody ahead gives up; Infinity when that cannot be known. */
  dueIn(waiter: Waiter, now: Ms): Ms
  /** Ends the waiting at once. Those behind move up. */
  leave(waiter: Waiter): void
}
