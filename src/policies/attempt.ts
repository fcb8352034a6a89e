// One request to the upstream, as the driver sees it and as the policies keep it: what it holds, and what it has told them.
import type { Ms } from '../kernel/clock.ts'
import type { Ticket } from './breaker/breaker.ts'
import type { OutcomeClass } from './classifier.ts'
import type { AttemptEffect } from './effects.ts'
import type { Layers } from './policy-set.ts'

export interface Begin {
  number: number
  /** 0 where the breaker counts calls, or there is none. */
  ticket: Ticket
  probe: boolean
  now: Ms
  deadline: Ms
  hedgeAfterMs: Ms
}

// A driver ends a body at the deadline; this long after it, it has forgotten to.
const PATIENCE: Ms = 1000

export class Attempt implements AttemptEffect {
  readonly do = 'attempt'
  readonly number: number
  readonly startedAt: Ms
  readonly timeoutMs: Ms
  readonly hedgeAfterMs: Ms
  readonly probe: boolean
  readonly #layers: Layers
  readonly #inFlight: number
  #ticket: Ticket
  /** When its call began, where it speaks for all of it. */
  #callBegan: Ms | undefined
  #settled = false
  #released = false
  /** What it will have been if its body ends well; undefined while no body is waited for. */
  #expected: OutcomeClass | undefined

  constructor(layers: Layers, begin: Begin) {
    this.#layers = layers
    this.number = begin.number
    this.timeoutMs = Math.min(layers.attemptMs, begin.deadline - begin.now)
    this.hedgeAfterMs = begin.hedgeAfterMs
    this.probe = begin.probe
    this.startedAt = begin.now
    this.#inFlight = layers.bulkhead ? layers.bulkhead.inUse : 0
    this.#ticket = begin.ticket
  }

  release(): void {
    if (this.#released) return
    this.#released = true
    // The slot goes to the next only when the breaker has heard what became of this one: it may have been the last straw.
    if (this.#settled) this.#layers.bulkhead?.release()
  }

  bodyEnded(end: 'complete' | 'broken' | 'timeout' | 'aborted'): void {
    if (this.#expected === undefined) return
    const failed = end === 'broken' || end === 'timeout'
    this.settle(failed ? 'failure' : end === 'aborted' ? 'neutral' : this.#expected, this.#layers.clock.now())
  }

  /** The headers were `outcome`; the body is still to come, and the breaker waits for it as long as the client may. */
  expectBody(outcome: OutcomeClass, now: Ms, deadline: Ms): void {
    this.#expected = outcome
    if (this.probe) this.#layers.breaker!.renew(this.#ticket, now, deadline + PATIENCE)
  }

  /** What becomes of it becomes of the call that began at `since`. */
  speakForCall(ticket: Ticket, since: Ms): void {
    this.#ticket = ticket
    this.#callBegan = since
  }

  /** Tells the policies what became of it, once. */
  settle(outcome: OutcomeClass, now: Ms): void {
    if (this.#settled) return
    this.#settled = true
    const { breaker, adaptive } = this.#layers
    if (breaker && this.#ticket !== 0) breaker.record(this.#ticket, outcome, now - (this.#callBegan ?? this.startedAt), now)
    if (adaptive && (outcome === 'success' || outcome === 'failure'))
      this.#layers.bulkhead!.resize(
        adaptive.sample({ startedAt: this.startedAt, now, inFlight: this.#inFlight, dropped: outcome === 'failure' }),
      )
    if (this.#released) this.#layers.bulkhead?.release()
  }
}
