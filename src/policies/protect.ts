// `gatecrash/policies`: the policies of the reference gateway around any function that asks an upstream.
//
//   const getOrder = protect('orders', { breaker: { failures: 5 }, retry: { attempts: 3 } }, (signal, id: string) => ask(`/orders/${id}`, signal))
//   await getOrder('7')
//
// For anything else (a response whose body arrives later, a fallback, a clock of one's own) there is a stack, and `drive`.
import type { PolicyRefusal } from '../contract/refusals.ts'
import { type Cancel, type Clock, type Ms, realClock } from '../kernel/clock.ts'
import { type Random, seededRandom } from '../kernel/random.ts'
import type { Transition } from './breaker/snapshot.ts'
import type { CallResult } from './call-result.ts'
import { type AttemptListener, drive, type OpenAttempt } from './drive.ts'
import type { AttemptEffect, AttemptOutcome } from './effects.ts'
import type { UpstreamPoliciesInput } from './settings.ts'
import { createStack, type UpstreamStack } from './stack.ts'

export { realClock, seededRandom }
export { virtualClock } from '../kernel/virtual-clock.ts'
export { createStack, drive }
export { serve } from './serve.ts'
export type { Clock, Random, Transition, UpstreamPoliciesInput, UpstreamStack }

export interface ProtectOptions {
  /** Whether asking twice is harmless, so that a failure may be tried again. Default true. */
  idempotent?: boolean
  /** Told of every change of the breaker's state. */
  onTransition?: (transition: Transition) => void
  clock?: Clock
  /** For backoff. Default: another one in each process. */
  random?: Random
}

/** A policy refused the call; the function was not asked, or not again. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused'
  readonly reason: PolicyRefusal
  /** How long to wait before the next call; 0 when that is unknown. */
  readonly retryAfterMs: Ms

  constructor(upstream: string, reason: PolicyRefusal, retryAfterMs: Ms) {
    super(`${upstream}: ${reason}`)
    this.reason = reason
    this.retryAfterMs = retryAfterMs
  }
}

/** Asks with `args`; `stack` tells the state of the policies. */
export interface Protected<Args extends unknown[], Result> {
  (...args: Args): Promise<Result>
  readonly stack: UpstreamStack<Result>
}

/**
 * Puts policies around `ask`. What it throws is a failure of the upstream, by its `status` where it has one, such as an error of HTTP. Its
 * signal is aborted when its time is over. The returned function rejects with a CallRefused, or with what the last attempt threw.
 * @throws GatecrashError `invalid_config` naming every problem of the settings at once
 */
export function protect<Args extends unknown[], Result>(
  upstream: string,
  settings: UpstreamPoliciesInput,
  ask: (signal: AbortSignal, ...args: Args) => Promise<Result>,
  { idempotent = true, clock = realClock, random = seededRandom(process.pid), onTransition }: ProtectOptions = {},
): Protected<Args, Result> {
  const stack = createStack<Result>(upstream, settings, { clock, random, ...(onTransition && { onTransition }) })
  const request = { method: idempotent ? 'GET' : 'POST', idempotent, replayable: true }
  const call = (...args: Args): Promise<Result> =>
    new Promise((resolve, reject) => {
      const open = (effect: AttemptEffect, listener: AttemptListener<FunctionAttempt<Result>>): FunctionAttempt<Result> =>
        new FunctionAttempt(effect, listener, clock, (signal) => ask(signal, ...args))
      const ended = (result: CallResult, attempt: FunctionAttempt<Result> | undefined): void => {
        if (result.is === 'rejected') return reject(new CallRefused(upstream, result.reason, result.retryAfterMs))
        // What the caller did wrong, such as a 404, is an answer to the policies, and an error all the same.
        const { given } = attempt ?? {}
        if (given) resolve(given.value)
        else reject(attempt?.error)
      }
      drive(stack.call(request), { clock, open, ended, failed: reject })
    })
  return Object.assign(call, { stack })
}

class FunctionAttempt<Result> implements OpenAttempt {
  readonly effect: AttemptEffect
  /** What the function gave back. */
  given: { value: Result } | undefined
  error: unknown
  readonly #listener: AttemptListener<FunctionAttempt<Result>>
  readonly #clock: Clock
  readonly #ask: (signal: AbortSignal) => Promise<Result>
  readonly #aborting = new AbortController()
  #timer: Cancel | undefined
  #isOver = false

  constructor(
    effect: AttemptEffect,
    listener: AttemptListener<FunctionAttempt<Result>>,
    clock: Clock,
    ask: (signal: AbortSignal) => Promise<Result>,
  ) {
    this.effect = effect
    this.#listener = listener
    this.#clock = clock
    this.#ask = ask
  }

  start(): void {
    const { number: attempt, timeoutMs } = this.effect
    this.#timer = this.#clock.after(timeoutMs, () => {
      this.error = new Error(`${this.effect.upstream} did not answer within ${timeoutMs} ms`)
      this.#aborting.abort(this.error)
      this.#settle({ is: 'timeout', attempt })
    })
    // A function may throw before it returns a promise.
    const asked = new Promise<Result>((resolve) => resolve(this.#ask(this.#aborting.signal)))
    asked.then(
      (value) => {
        this.given = { value }
        this.#settle({ is: 'response', attempt, status: 200, complete: true })
      },
      (error: unknown) => {
        this.error ??= error
        this.#settle(failureOf(error, attempt))
      },
    )
  }

  giveUp(): void {
    this.abort()
  }

  abort(): void {
    if (this.#isOver) return
    this.#end()
    this.#aborting.abort()
  }

  #settle(outcome: AttemptOutcome): void {
    if (this.#isOver) return
    this.#end()
    this.#listener.settled(this, outcome)
  }

  #end(): void {
    this.#isOver = true
    this.#timer?.()
    this.effect.release()
  }
}

function failureOf(error: unknown, attempt: number): AttemptOutcome {
  const { status } = (typeof error === 'object' && error !== null ? error : {}) as { status?: unknown }
  return typeof status === 'number'
    ? { is: 'response', attempt, status, complete: true }
    : { is: 'connection_error', attempt, reached: 'maybe' }
}
