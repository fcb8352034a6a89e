// How a call through the policies ends.
import type { PolicyRefusal } from '../contract/refusals.ts'
import type { Ms } from '../kernel/clock.ts'
import type { AttemptEffect, AttemptOutcome, ResponseOutcome } from './effects.ts'

/** Why a failed attempt was the last one. */
export type StopReason =
  | 'no_retry' /* there is no retry policy */
  | 'not_retryable' /* this outcome is never retried */
  | 'not_repeatable' /* not idempotent, or a body that cannot be sent again */
  | 'attempts_exhausted'
  | 'probe' /* it was a half-open breaker's probe */
  | 'circuit_open' /* the breaker opened meanwhile */
  | 'retry_after_too_long'
  | 'retry_budget'
  | 'deadline' /* the next attempt could not begin in time */
  | 'hedged'

/** `attempts`: how many were made, hedges included. `deadline`: when the call's total time is over. */
export type CallResult = Answered | Failed | Rejected | Aborted

/** The upstream's response may be handed to the client. */
export interface Answered {
  is: 'answered'
  attempts: number
  outcome: ResponseOutcome
  attempt: AttemptEffect
  deadline: Ms
}

/** The last attempt failed. When `outcome` is a response, it is the upstream's own error. */
export interface Failed {
  is: 'failed'
  attempts: number
  outcome: AttemptOutcome
  attempt: AttemptEffect
  why: StopReason
  deadline: Ms
}

/** A policy refused it. `last` is the failed attempt whose retry was refused; its response is already discarded. */
export interface Rejected {
  is: 'rejected'
  attempts: number
  reason: PolicyRefusal
  /** How long the client should wait; 0 when that is unknown. */
  retryAfterMs: Ms
  last: AttemptOutcome | undefined
}

/** The client went away. */
export interface Aborted {
  is: 'aborted'
  attempts: number
}
