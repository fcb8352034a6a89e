// Our policies around an async function, as a user of cockatiel or opossum would have them: what the gateway's driver does, less the sockets.
import { realClock } from '../../../src/kernel/clock.ts'
import { Deadlines, type Expiring } from '../../../src/gateway/upstream/deadlines.ts'
import type { Breaker } from '../../../src/policies/breaker/breaker.ts'
import type { Answer, AttemptEffect, CallRequest, CallResult, Effect } from '../../../src/policies/effects.ts'
import type { UpstreamStack } from '../../../src/policies/stack.ts'

export const REJECTED = Symbol('rejected')
const REFUSAL = Promise.resolve(REJECTED)
const GET: CallRequest = { method: 'GET', idempotent: true, replayable: true }
const deadlines = new Deadlines(realClock)

/** A breaker alone. Reads the clock only when the breaker would look at it. */
export function guarded<Result>(breaker: Breaker, fn: () => Promise<Result>): Promise<Result | typeof REJECTED> {
  const started = breaker.timeless ? 0 : realClock.now()
  const ticket = breaker.admit(started)
  if (ticket === 0) return REFUSAL
  return fn().then(
    (result) => {
      const now = breaker.timeless ? started : realClock.now()
      breaker.record(ticket, 'success', now - started, now)
      return result
    },
    (error) => {
      const now = realClock.now()
      breaker.record(ticket, 'failure', now - started, now)
      throw error
    },
  )
}

/** A whole stack. Resolves with the result, or with REJECTED when the call failed or was refused. */
export function protectedCall<Result>(stack: UpstreamStack<Result>, fn: () => Promise<Result>): Promise<Result | typeof REJECTED> {
  return new Promise((resolve) => new Driver(stack.call(GET), fn, resolve).follow(undefined))
}

class Driver<Result> implements Expiring {
  deadline: Expiring['deadline']
  readonly #pipeline: Generator<Effect, CallResult, Answer>
  readonly #fn: () => Promise<Result>
  readonly #resolve: (result: Result | typeof REJECTED) => void
  #attempt: AttemptEffect | undefined
  #result: Result | typeof REJECTED = REJECTED

  constructor(
    pipeline: Generator<Effect, CallResult, Answer>,
    fn: () => Promise<Result>,
    resolve: (result: Result | typeof REJECTED) => void,
  ) {
    this.#pipeline = pipeline
    this.#fn = fn
    this.#resolve = resolve
  }

  follow(answer: Answer | undefined): void {
    const turn = answer ? this.#pipeline.next(answer) : this.#pipeline.next()
    if (turn.done) return this.#resolve(turn.value.is === 'answered' ? this.#result : REJECTED)
    const effect = turn.value
    if (effect.do !== 'attempt') throw new Error(`the bench does not ${effect.do}`)
    this.#attempt = effect
    deadlines.set(this, effect.timeoutMs, effect.startedAt)
    this.#fn().then(
      (value) => {
        this.#result = value
        this.#over(effect, { is: 'response', attempt: effect.number, status: 200, complete: true })
      },
      () => this.#over(effect, { is: 'connection_error', attempt: effect.number, reached: 'maybe' }),
    )
  }

  expire(): void {
    this.follow({ is: 'timeout', attempt: this.#attempt!.number })
    this.#attempt = undefined
  }

  #over(effect: AttemptEffect, answer: Answer): void {
    effect.release()
    if (effect !== this.#attempt) return
    deadlines.lift(this)
    this.follow(answer)
  }
}
