// Our policies around an async function, as a user of cockatiel or opossum would have them: what the gateway does, less the sockets.
import { Deadlines, type Expiring } from '../../../src/gateway/upstream/deadlines.ts'
import { realClock } from '../../../src/kernel/clock.ts'
import type { Breaker } from '../../../src/policies/breaker/breaker.ts'
import { drive, type OpenAttempt, type Settled } from '../../../src/policies/drive.ts'
import type { AttemptEffect, AttemptOutcome } from '../../../src/policies/effects.ts'
import { serve, type ServeRequest } from '../../../src/policies/serve.ts'
import type { UpstreamStack } from '../../../src/policies/stack.ts'

export const REJECTED = Symbol('rejected')
const REFUSAL = Promise.resolve(REJECTED)
const GET: ServeRequest = { method: 'GET', idempotent: true, replayable: true, cacheKey: () => '' }
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

/** A whole stack. Resolves with the result, or with REJECTED when the call failed or was refused. */
export function protectedCall<Result>(stack: UpstreamStack<Result>, fn: () => Promise<Result>): Promise<Result | typeof REJECTED> {
  return new Promise((resolve) => {
    const open = (effect: AttemptEffect, settled: Settled<FunctionCall<Result>>) => new FunctionCall(effect, fn, settled)
    drive(serve(stack, undefined, GET), { clock: realClock, open }, (_served, attempt) => resolve(attempt ? attempt.result : REJECTED))
  })
}

/** One call of the function as an attempt. It cannot be cancelled: who gives it up only stops listening. */
class FunctionCall<Result> implements OpenAttempt, Expiring {
  deadline: Expiring['deadline']
  result: Result | typeof REJECTED = REJECTED
  readonly effect: AttemptEffect
  readonly #fn: () => Promise<Result>
  readonly #settled: Settled<FunctionCall<Result>>
  #listens = true

  constructor(effect: AttemptEffect, fn: () => Promise<Result>, settled: Settled<FunctionCall<Result>>) {
    this.effect = effect
    this.#fn = fn
    this.#settled = settled
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
    this.giveUp()
    this.#settled(this, { is: 'timeout', attempt: this.effect.number })
  }

  giveUp(): void {
    this.#listens = false
    deadlines.lift(this)
  }

  abort(): void {
    this.giveUp()
  }

  #over(outcome: AttemptOutcome): void {
    this.effect.release()
    if (!this.#listens) return
    deadlines.lift(this)
    this.#settled(this, outcome)
  }
}
