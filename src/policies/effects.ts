// What a pipeline of policies asks of its driver, and what the driver answers. There are two channels between them:
//
//              effects: attempt, await, wait, enter
//   pipeline ─────────────────────────────────────────────▶ driver      a pipeline is a generator: call.ts, serve.ts
//     ▲    ▲                                                 │   │      the driver interprets its effects: drive.ts
//     │    └── next(answer): outcome, pending, elapsed, … ───┘   │
//     └─────── the attempt's handle: release(), bodyEnded() ─────┘
//
// Answers go in by next(), the end of an attempt's work by its handle. That end may come long after the answer: a response can be
// handed to the client while its body still arrives, and the bulkhead's slot stays taken until then.
//
// The driver owns every timer and socket; the pipeline owns every decision. `aborted` may be answered whatever the pipeline waits for;
// it then gives everything back and returns.
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
  /** The upstream's name. */
  readonly upstream: string
  /** From 1 in each call; a hedge counts as an attempt. */
  readonly number: number
  /** On the stack's clock. */
  readonly startedAt: Ms
  /** After this long without an outcome the driver ends the attempt and answers `timeout`. */
  readonly timeoutMs: Ms
  /** After this long without an outcome the driver answers `pending` and lets the attempt run. Infinity: never. */
  readonly hedgeAfterMs: Ms
  /** It runs as a half-open breaker's probe. */
  readonly probe: boolean
  /** Set by the pipeline: its response may still be the result, so the driver does not give it up when the pipeline goes on. */
  kept: boolean
  /** The body of its response broke off, as `bodyEnded` has told. */
  readonly cut: boolean
  /** The body is drained or the socket destroyed: the bulkhead's slot is free again. Further calls do nothing. */
  release(): void
  /**
   * How the body ended of a response that was answered as incomplete. For the breaker, `broken` and `timeout` are failures;
   * `aborted` (by the client) is neutral. A stream was counted by its head, and a good head stays one: that it broke off is one failure
   * more. Further calls do nothing.
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
  /** It is a stream: its head says what there is to say of the upstream, however long the body lasts. */
  stream?: boolean
}

export interface TimeoutOutcome {
  is: 'timeout'
  attempt: number
}

/** No answer, or a broken one: refused, reset, cut short before it was handed over. */
export interface ConnectionErrorOutcome {
  is: 'connection_error'
  attempt: number
  /** `no`: certainly never sent (refused, no such host); `maybe`: the upstream may have acted on it; `yes`: it had begun to answer. */
  reached: 'no' | 'maybe' | 'yes'
  /** It failed on our side, and says nothing about the upstream: no file descriptor was left, or such a request cannot be sent. */
  ours?: 'shortage' | 'unsendable'
}

export type Answer =
  | AttemptOutcome
  /** The attempt's `hedgeAfterMs` passed without an outcome. */
  | { is: 'pending' }
  | { is: 'elapsed' }
  | { is: 'woken' }
  /** The client went away, or the gateway stops: all attempts of this call are being destroyed. */
  | { is: 'aborted' }
