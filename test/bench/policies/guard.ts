// Our policies around an async function, as a user of cockatiel or opossum would have them: what the gateway does, less the sockets.
import { Deadlines, type Expiring } from '../../../src/gateway/upstream/deadlines.ts'
import { realClock } from '../../../src/kernel/clock.ts'
import type { Breaker } from '../../../src/policies/breaker/breaker.ts'
import type { CallResult } from '../../../src/policies/call-result.ts'
import { type AttemptListener, drive, type Means, type OpenAttempt } from '../../../src/policies/drive.ts'
import type { AttemptEffect, AttemptOutcome, CallRequest } from '../../../src/policies/effects.ts'
import type { UpstreamStack } from '../../../src/policies/stack.ts'

export const REJECTED = Symbol('rejected')
const REFUSAL = Promise.resolve(REJECTED)
const GET: CallRequest = { method: 'GET', idempotent: true, replayable: true }
const deadlines = new Deadlines(realClock)

/** A breaker alone. Reads the clock only when the breaker would look at it. */
export function guarded<Result>(breaker: Breaker, fn: () => Promise<Result>): Promise<Result | typeof REJECTED> {
  const started = breaker.timeless ? 0 : realClock.now()
  const permit = breaker.admit(started)
  if (permit === 0) return REFUSAL
  return fn().then(
    (result) => {
      const now = breaker.timeless ? started : realClock.now()
      breaker.record(permit, 'success', now - started, now)
      return result
    },
    (error) => {
      const now = realClock.now()
      breaker.record(permit, 'failure', now - started, now)
      throw error
    },
  )
}

/**
 * A whole stack around `fn`. The returned function resolves with the result of `fn`, or with REJECTED when the call failed or was
 * refused.
 */
export function protect<Result>(stack: UpstreamStack<Result>, fn: () => Promise<Result>): () => Promise<Result | typeof REJECTED> {
  return () => new Promise((resolve) => drive(stack.call(GET), new GuardedCall(fn, resolve)))
}

class GuardedCall<Result> implements Means<CallResult, FunctionCall<Result>> {
  readonly clock = realClock
  readonly #fn: () => Promise<Result>
  readonly #resolve: (result: Result | typeof REJECTED) => void

  constructor(fn: () => Promise<Result>, resolve: (result: Result | typeof REJECTED) => void) {
    this.#fn = fn
    this.#resolve = resolve
  }

  open(effect: AttemptEffect, listener: AttemptListener<FunctionCall<Result>>): FunctionCall<Result> {
    return new FunctionCall(effect, this.#fn, listener)
  }

  ended(_result: CallResult, attempt: FunctionCall<Result> | undefined): void {
    this.#resolve(attempt ? attempt.result : REJECTED)
  }
}

/** One call of the function as an attempt. It cannot be cancelled: who gives it up only stops listening. */
class FunctionCall<Result> implements OpenAttempt, Expiring {
  deadline: Expiring['deadline']
  result: Result | typeof REJECTED = REJECTED
  readonly effect: AttemptEffect
  readonly #fn: () => Promise<Result>
  #listener: AttemptListener<FunctionCall<Result>> | undefined

  constructor(effect: AttemptEffect, fn: () => Promise<Result>, listener: AttemptListener<FunctionCall<Result>>) {
    this.effect = effect
    this.#fn = fn
    this.#listener = listener
  }

  start(): void {
    const { number, timeoutMs, startedAt } = this.effect
    deadlines.set(this, timeoutMs, startedAt)
    this.#fn().then(
      (value) => {
        this.result = value
        this.#over({ is: 'response', attempt: number, status: 200, complete: true })
      },
      () => this.#over({ is: 'connection_error', attempt: number, reached: 'maybe' }),
    )
  }

  expire(): void {
    this.#settle({ is: 'timeout', attempt: this.effect.number })
  }

  giveUp(): void {
    deadlines.lift(this)
    this.#listener = undefined
  }

  abort(): void {
    this.giveUp()
  }

  #over(outcome: AttemptOutcome): void {
    this.effect.release()
    deadlines.lift(this)
    this.#settle(outcome)
  }

  #settle(outcome: AttemptOutcome): void {
    const listener = this.#listener
    this.#listener = undefined
    listener?.settled(this, outcome)
  }
}
