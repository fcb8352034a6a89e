// Interprets the effects of a pipeline: opens the attempts that it asks for, keeps its waits on a clock, and tells it what came.
// It decides nothing, and knows no socket, no timer of the platform and no promise. The gateway gives it a real clock and attempts on
// sockets; tests and the simulation give it a virtual clock and modelled attempts. Callbacks all the way: a call costs no promise.
import type { Cancel, Clock, Ms } from '../kernel/clock.ts'
import type { Answer, AttemptEffect, AttemptOutcome, Effect } from './effects.ts'

/** An attempt as its opener carries it out. It keeps its own timeout: `effect.timeoutMs`. */
export interface OpenAttempt {
  readonly effect: AttemptEffect
  /** Begins. The outcome may come before this returns. */
  start(): void
  /** Nobody wants its response: it may be read to its end, or cut off. Does nothing when the attempt is over. */
  giveUp(): void
  /** Ends it now, as the client has gone. Does nothing when the attempt is over. */
  abort(): void
}

/** Hears the outcome of each attempt, once, unless the attempt is given up or aborted first. */
export interface AttemptListener<Attempt> {
  settled(attempt: Attempt, outcome: AttemptOutcome): void
}

/** Makes an attempt that is not started yet. */
export type Open<Attempt extends OpenAttempt> = (effect: AttemptEffect, listener: AttemptListener<Attempt>) => Attempt

/** What a driver works with. */
export interface Means<Result, Attempt extends OpenAttempt> {
  readonly clock: Pick<Clock, 'after'>
  readonly open: Open<Attempt>
  /** Gets the result, and the attempt whose response is part of it: to be delivered, or given up. All other attempts are given up before. */
  readonly ended: (result: Result, attempt: Attempt | undefined) => void
  /** Hears of a defect: the pipeline has thrown, and all attempts are ended. Without it, what was thrown is thrown on. */
  readonly failed?: (error: unknown) => void
}

/** How a pipeline may end: where there is an `attempt`, its response is part of the result. */
interface Ending {
  readonly attempt?: AttemptEffect
  readonly attempts: number
}

export interface Driven {
  /** The client is gone: ends whatever is under way, now. */
  abort(): void
}

/** Runs `pipeline` to its end; it may end before this returns. */
export function drive<Result extends Ending, Attempt extends OpenAttempt>(
  pipeline: Generator<Effect, Result, Answer>,
  means: Means<Result, Attempt>,
): Driven {
  const driver = new Driver(pipeline, means)
  driver.start()
  return driver
}

const ABORTED: Answer = { is: 'aborted' }
const PENDING: Answer = { is: 'pending' }
const ELAPSED: Answer = { is: 'elapsed' }
const WOKEN: Answer = { is: 'woken' }

class Driver<Result extends Ending, Attempt extends OpenAttempt> implements Driven, AttemptListener<Attempt> {
  readonly #pipeline: Generator<Effect, Result, Answer>
  readonly #means: Means<Result, Attempt>
  /** The last attempt that was begun. Most calls make no other. */
  #newest: Attempt | undefined
  /** Those before it. */
  #older: Attempt[] | undefined
  /** Outcomes of hedged attempts that came while the pipeline was waiting for something else. */
  #unheard: [Attempt, AttemptOutcome][] | undefined
  /** What the pipeline waits for. */
  #asked: 'outcome' | 'time' | 'turn' | 'nothing' | 'over' = 'nothing'
  #timer: Cancel | undefined

  constructor(pipeline: Generator<Effect, Result, Answer>, means: Means<Result, Attempt>) {
    this.#pipeline = pipeline
    this.#means = means
  }

  get #over(): boolean {
    return this.#asked === 'over'
  }

  start(): void {
    this.#step()
  }

  abort(): void {
    this.#abortAll()
    if (!this.#over) this.#tell(ABORTED)
  }

  settled(attempt: Attempt, outcome: AttemptOutcome): void {
    if (this.#asked !== 'outcome') {
      if (!this.#over) (this.#unheard ??= []).push([attempt, outcome])
      return
    }
    this.#tell(outcome)
    // The pipeline goes on: this outcome was not good enough.
    if (!this.#over && !attempt.effect.kept) attempt.giveUp()
  }

  #tell(answer: Answer): void {
    this.#timer?.()
    this.#timer = undefined
    this.#asked = 'nothing'
    this.#step(answer)
  }

  #step(answer?: Answer): void {
    let turn: IteratorResult<Effect, Result>
    try {
      turn = answer ? this.#pipeline.next(answer) : this.#pipeline.next()
    } catch (error) {
      return this.#fail(error)
    }
    this.#follow(turn)
  }

  #fail(error: unknown): void {
    this.#asked = 'over'
    this.#abortAll()
    if (!this.#means.failed) throw error
    this.#means.failed(error)
  }

  #follow(turn: IteratorResult<Effect, Result>): void {
    if (turn.done) return this.#end(turn.value)
    const effect = turn.value
    if (effect.do === 'attempt' || effect.do === 'await') {
      this.#asked = 'outcome'
      this.#after(effect.hedgeAfterMs, PENDING)
      if (effect.do === 'attempt') this.#begin(effect)
      const unheard = this.#unheard?.shift()
      if (unheard) this.settled(...unheard)
    } else if (effect.do === 'wait') {
      this.#asked = 'time'
      this.#after(effect.ms, ELAPSED)
    } else {
      this.#asked = 'turn'
      effect.waiter.wake = this.#waker()
      this.#after(effect.ms, ELAPSED)
    }
  }

  // Written where it is assigned, it would be made among the engine's old objects, and hold the call until the next full collection.
  #waker(): () => void {
    return () => {
      if (this.#asked === 'turn') this.#tell(WOKEN)
    }
  }

  #begin(effect: AttemptEffect): void {
    const attempt = this.#means.open(effect, this)
    if (this.#newest) (this.#older ??= []).push(this.#newest)
    this.#newest = attempt
    attempt.start()
  }

  #after(ms: Ms, answer: Answer): void {
    // Most wait for ever: a closure here would cost each of them the room for what it holds.
    if (ms !== Number.POSITIVE_INFINITY) this.#timer = this.#means.clock.after(ms, this.#telling(answer))
  }

  #telling(answer: Answer): () => void {
    return () => this.#tell(answer)
  }

  #end(result: Result): void {
    this.#asked = 'over'
    let chosen: Attempt | undefined
    if (this.#older)
      for (const attempt of this.#older) {
        if (attempt.effect === result.attempt) chosen = attempt
        else attempt.giveUp()
      }
    if (this.#newest?.effect === result.attempt) chosen = this.#newest
    else this.#newest?.giveUp()
    this.#means.ended(result, chosen)
  }

  #abortAll(): void {
    for (const attempt of this.#older ?? []) attempt.abort()
    this.#newest?.abort()
  }
}
