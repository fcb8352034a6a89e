// What the call pipeline asks of its driver, what the driver answers, and what comes out in the end.
//
//   generator.next()        ──▶ Effect                  the driver does it: sockets and timers, or a heap of events
//   generator.next(answer)  ──▶ Effect … or CallResult
//
// The driver owns every timer and socket; the pipeline owns every decision. A client that goes away is told as
// `aborted`, whatever is being waited for; the pipeline then gives everything back and returns.
import type { Ms } from '../kernel/clock.ts'

export interface CallRequest {
  method: string
  /** Whether repeating it is harmless: a safe or idempotent method, or an Idempotency-Key. */
  idempotent: boolean
  /** Whether its body can be sent again: there is none, or it is buffered. */
  replayable: boolean
}

export type Effect = AttemptEffect | AwaitEffect | WaitEffect | EnterEffect

/**
 * Send the request to the upstream. Answered with an AttemptOutcome. The object is also the attempt's handle:
 * the driver must call `release` when the upstream's work is over: just before the answer, with it, or long after it.
 */
export interface AttemptEffect {
  readonly do: 'attempt'
  /** From 1; a hedge counts as an attempt. */
  readonly number: number
  /** On the stack's clock. */
  readonly startedAt: Ms
  /** After this long without an outcome the driver aborts the attempt and answers `timeout`. */
  readonly timeoutMs: Ms
  /** After this long without an outcome the driver answers `pending` and lets the attempt run. Infinity: never. */
  readonly hedgeAfterMs: Ms
  /** It runs as a half-open breaker's probe. */
  readonly probe: boolean
  /** The body is drained or the socket destroyed: the bulkhead's slot is free again. Further calls do nothing. */
  release(): void
  /**
   * How the body of a response ended that was handed over incomplete: for the breaker, `broken` and `timeout` are
   * failures, `aborted` (by the client) is neutral. Calls for any other response, and further ones, do nothing.
   */
  bodyEnded(end: 'complete' | 'broken' | 'timeout' | 'aborted'): void
}

/** Go on waiting for the attempts under way. Answered like an attempt. */
export interface AwaitEffect {
  readonly do: 'await'
  readonly hedgeAfterMs: Ms
}

/** Let `ms` pass before the next attempt. Answered `elapsed` or `aborted`. */
export interface WaitEffect {
  readonly do: 'wait'
  readonly ms: Ms
}

/** Wait in a queue: until `waiter.wake` is called (answer `woken`), `ms` have passed (`elapsed`), or `aborted`. */
export interface EnterEffect {
  readonly do: 'enter'
  readonly into: 'bulkhead' | 'rate_limit'
  readonly waiter: Waiter
  readonly ms: Ms
}

/** A place in a queue. The driver sets `wake`; the queue calls it, synchronously, when it is worth looking again. */
export interface Waiter {
  wake: (() => void) | undefined
}

export type AttemptOutcome = ResponseOutcome | TimeoutOutcome | ConnectionErrorOutcome

export interface ResponseOutcome {
  is: 'response'
  /** The `number` of the attempt that this is the outcome of. */
  attempt: number
  status: number
  /** The Retry-After header as it came; absent when there is none, or more than one. */
  retryAfter?: string
  /** False: the body is still arriving. When such a response is the result, the driver reports its end by `bodyEnded`. */
  complete: boolean
}

export interface TimeoutOutcome {
  is: 'timeout'
  attempt: number
}

/** No answer, or a broken one: refused, reset, cut short before it was handed over. */
export interface ConnectionErrorOutcome {
  is: 'connection_error'
  attempt: number
  /** `no`: certainly never sent (refused, no such host); `maybe`: the upstream may have acted on it. */
  reached: 'no' | 'maybe'
}

export type Answer =
  | AttemptOutcome
  /** The attempt's `hedgeAfterMs` passed without an outcome. */
  | { is: 'pending' }
  | { is: 'elapsed' }
  | { is: 'woken' }
  /** The client went away, or the gateway stops: all attempts of this call are being destroyed. */
  | { is: 'aborted' }

/** Refusals that the gateway makes itself, before the upstream is touched. `deadline`: the total time passed in a queue. */
export type RejectReason = 'circuit_open' | 'bulkhead_full' | 'rate_limited' | 'deadline'

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

export type CallResult =
  /** Hand this response to the client. */
  | { is: 'answered'; attempts: number; outcome: ResponseOutcome; attempt: AttemptEffect; deadline: Ms }
  /** The last attempt failed: fall back, or hand on the upstream's own error when `outcome` is a response. */
  | { is: 'failed'; attempts: number; outcome: AttemptOutcome; attempt: AttemptEffect; why: StopReason; deadline: Ms }
  /** Refused here. `last` is the failed attempt that a retry was refused after; its response is already discarded. */
  | { is: 'rejected'; attempts: number; reason: RejectReason; retryAfterMs: Ms; last: AttemptOutcome | undefined }
  | { is: 'aborted'; attempts: number }
