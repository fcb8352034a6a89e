// One request to the upstream: what the driver is told of it, what it holds, and what the policies have heard of it.
import type { Ms } from '../kernel/clock.ts'
import type { Permit } from './breaker/breaker.ts'
import type { AttemptClass } from './classifier.ts'
import type { AttemptEffect } from './effects.ts'
import type { PolicySet } from './policy-set.ts'

export interface Begin {
  number: number
  /** 0 where the breaker counts calls, or there is none. */
  permit: Permit
  probe: boolean
  now: Ms
  deadline: Ms
  hedgeAfterMs: Ms
}

interface BegunStream {
  class: AttemptClass
  headMs: Ms
  /** False: the breaker is to hear of its end. */
  counted: boolean
}

// A driver ends a body at the deadline. A probe whose body has not ended this long after the deadline is lost.
const BODY_GRACE: Ms = 1000

export class Attempt implements AttemptEffect {
  readonly do = 'attempt'
  readonly number: number
  readonly startedAt: Ms
  readonly timeoutMs: Ms
  readonly hedgeAfterMs: Ms
  readonly probe: boolean
  kept = false
  cut = false
  readonly #policies: PolicySet
  /** Requests at the upstream when this one began, itself included. */
  readonly #inFlight: number
  #permit: Permit
  /** When its call began, where it stands for the whole call. */
  #callBegan: Ms | undefined
  #settled = false
  #released = false
  /** Its class if the body ends well; undefined while no body is waited for. */
  #expected: AttemptClass | undefined
  /** A stream that is under way: its head is counted. */
  #stream: BegunStream | undefined

  constructor(policies: PolicySet, begin: Begin) {
    this.#policies = policies
    this.number = begin.number
    this.timeoutMs = Math.min(policies.attemptMs, begin.deadline - begin.now)
    this.hedgeAfterMs = begin.hedgeAfterMs
    this.probe = begin.probe
    this.startedAt = begin.now
    this.#inFlight = policies.limits.bulkhead?.inUse ?? 0
    this.#permit = begin.permit
  }

  get upstream(): string {
    return this.#policies.upstream
  }

  release(): void {
    if (this.#released) return
    this.#released = true
    // The breaker hears of this attempt before its slot goes to the next: it may be the failure that opens it.
    if (this.#settled && !this.#stream) this.#giveBack()
  }

  bodyEnded(end: 'complete' | 'broken' | 'timeout' | 'aborted'): void {
    if (end !== 'complete') this.cut = true
    const failed = end === 'broken' || end === 'timeout'
    if (this.#stream) return this.#endStream(this.#stream, failed ? 'failure' : end === 'aborted' ? 'neutral' : this.#stream.class)
    if (this.#expected === undefined) return
    this.settle(failed ? 'failure' : end === 'aborted' ? 'neutral' : this.#expected, this.#policies.clock.now())
  }

  /** The head was `expected`, and the body is still to come. The breaker waits for it as long as the client may. */
  expectBody(expected: AttemptClass, now: Ms, deadline: Ms): void {
    this.#expected = expected
    if (this.probe) this.#policies.breaker!.renew(this.#permit, now, deadline + BODY_GRACE)
  }

  /**
   * The head of a stream was `proof`. It is the proof of life that a probe needs, and what slow rates and adaptive limits measure:
   * a healthy stream may last for hours. It may still break off; see `bodyEnded`.
   */
  beginStream(proof: AttemptClass, now: Ms): void {
    if (this.#settled) return
    const { breaker } = this.#policies
    const headMs = now - (this.#callBegan ?? this.startedAt)
    const counted = !breaker || this.#permit === 0 || breaker.recordHead(this.#permit, proof, headMs, now)
    this.#stream = { class: proof, headMs, counted }
    this.#conclude(proof, now)
  }

  /** What becomes of it becomes of the call that began at `since`. */
  standForCall(permit: Permit, since: Ms): void {
    this.#permit = permit
    this.#callBegan = since
  }

  /** Tells the policies what became of it, once. */
  settle(outcome: AttemptClass, now: Ms): void {
    if (this.#settled) return
    const { breaker } = this.#policies
    try {
      if (breaker && this.#permit !== 0) breaker.record(this.#permit, outcome, now - (this.#callBegan ?? this.startedAt), now)
    } finally {
      this.#conclude(outcome, now)
    }
  }

  #conclude(outcome: AttemptClass, now: Ms): void {
    this.#settled = true
    this.#tellLimits(outcome, now)
    if (this.#released && !this.#stream) this.#giveBack()
  }

  #endStream({ class: proof, headMs, counted }: BegunStream, end: AttemptClass): void {
    this.#stream = undefined
    const { breaker, clock } = this.#policies
    const now = clock.now()
    if (end === 'failure') this.#tellLimits('failure', now)
    if (!counted) breaker!.recordEnd(this.#permit, { proof, end, headMs }, now)
    else if (breaker && this.#permit !== 0 && end === 'failure') breaker.probeBroke(this.#permit, now)
    if (this.#released) this.#giveBack()
  }

  #tellLimits(outcome: AttemptClass, now: Ms): void {
    for (const queue of this.#policies.listening)
      queue.attemptEnded!({ startedAt: this.startedAt, now, class: outcome, inFlight: this.#inFlight })
  }

  #giveBack(): void {
    for (const queue of this.#policies.queues) queue.release?.()
  }
}
