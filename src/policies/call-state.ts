// How far one call has come, and what it holds: a breaker's ticket, a bulkhead's slot, a paid retry. Whatever ends the call gives
// back what it still holds; what an attempt holds is the attempt's.
import type { Ms } from '../kernel/clock.ts'
import { Attempt } from './attempt.ts'
import type { Ticket } from './breaker/breaker.ts'
import type { OutcomeClass, Verdict } from './classifier.ts'
import type { Answer, AttemptOutcome, CallRequest, CallResult, EnterEffect, RejectReason, StopReason } from './effects.ts'
import { hedgeDelay } from './hedge-delay.ts'
import type { Layers } from './policy-set.ts'

const NO_TICKET: Ticket = 0

/** Undefined: go ahead. Busy: there may be room in the queue. */
export type Admission = RejectReason | 'bulkhead_busy' | 'rate_limit_busy' | undefined

export class Run {
  readonly layers: Layers
  readonly request: CallRequest
  readonly deadline: Ms
  now: Ms
  /** Before the next attempt, decided by `conclude`. */
  delay: Ms = 0
  /** Attempts begun, hedges included. */
  attempts = 0
  hedges = 0
  /** The attempt whose answer decides. */
  attempt: Attempt | undefined
  readonly #since: Ms
  #ticket: Ticket = NO_TICKET
  #inBulkhead = false
  #retriesPaid = 0
  #hedged = false
  #last: AttemptOutcome | undefined
  #lastClass: OutcomeClass = 'neutral'

  constructor(layers: Layers, request: CallRequest) {
    this.layers = layers
    this.request = request
    this.now = layers.clock.now()
    this.#since = this.now
    this.deadline = this.now + layers.totalMs
    layers.retry?.budget?.requested(this.now)
  }

  tick(): void {
    this.now = this.layers.clock.now()
  }

  /** Asks breaker, bulkhead and rate limit, in this order. */
  admit(): Admission {
    const { breaker, breakerCountsCalls, bulkhead } = this.layers
    if (breaker) {
      // A retry is no probe: it goes on only while the breaker is closed.
      if (this.attempts > 0 && !breaker.isClosed()) return 'circuit_open'
      if (this.attempts === 0 || !breakerCountsCalls) {
        this.#ticket = breaker.admit(this.now)
        if (this.#ticket === NO_TICKET) return 'circuit_open'
      }
    }
    if (!bulkhead) return this.enterRateLimit()
    if (!bulkhead.tryEnter()) return 'bulkhead_busy'
    this.#inBulkhead = true
    return this.enterRateLimit()
  }

  enterRateLimit(): 'rate_limit_busy' | undefined {
    const { rateLimit } = this.layers
    return rateLimit && !rateLimit.tryEnter(this.now) ? 'rate_limit_busy' : undefined
  }

  /** Comes out of a queue, with a place unless it was refused. */
  leaveQueue(into: EnterEffect['into'], refusal: RejectReason | undefined): RejectReason | undefined {
    if (refusal !== undefined) return refusal
    if (into === 'bulkhead') this.#inBulkhead = true
    if (this.now >= this.deadline) return 'deadline'
    // What was admitted before the circuit moved on must not be sent after it.
    return this.layers.breaker?.isCurrent(this.#ticket, this.now) === false ? 'circuit_open' : undefined
  }

  begin(): Attempt {
    const { breaker, hedge } = this.layers
    const probe = breaker !== undefined && breaker.isProbe(this.#ticket)
    if (probe) breaker.renew(this.#ticket, this.now)
    this.attempt = this.#start(this.#ticket, probe, probe ? Number.POSITIVE_INFINITY : hedgeDelay(hedge, this.request))
    if (!this.layers.breakerCountsCalls) this.#ticket = NO_TICKET
    return this.attempt
  }

  /** One more attempt beside those under way, if it is admitted at once and paid for. */
  beginHedge(): Attempt | undefined {
    const { breaker, bulkhead, rateLimit, retry, hedge } = this.layers
    this.hedges++
    this.tick()
    if ((breaker && !breaker.isClosed()) || (rateLimit && rateLimit.retryAfter(this.now) > 0)) return undefined
    if (bulkhead && !bulkhead.tryEnter()) return undefined
    if (retry?.budget) {
      if (!retry.budget.tryRetry(this.now)) {
        bulkhead?.release()
        return undefined
      }
      this.#retriesPaid++
    }
    rateLimit?.tryEnter(this.now)
    this.#hedged = true
    const ticket = breaker && !this.layers.breakerCountsCalls ? breaker.admit(this.now) : NO_TICKET
    return this.#start(ticket, false, this.hedges < hedge!.extra ? hedge!.after : Number.POSITIVE_INFINITY)
  }

  /** The result, or undefined: another attempt follows after `delay`. */
  conclude(answer: Answer): CallResult | undefined {
    if (!isOutcome(answer)) return this.abandon()
    const attempt = this.attempt!
    const { classifier, breaker, breakerCountsCalls, retry, adaptive } = this.layers
    this.#endRetries()
    const verdict = classifier.judge(answer)
    retry?.budget?.ended(verdict.failed && verdict.retryable)
    if (verdict.failed || adaptive || breaker?.timeless === false) this.tick()
    if (answer.is === 'response' && !verdict.failed) {
      if (breakerCountsCalls) this.#handOverTicket(attempt)
      if (answer.complete) attempt.settle(verdict.class, this.now)
      else attempt.expectBody(verdict.class, this.now, this.deadline)
      return { is: 'answered', attempts: this.attempts, outcome: answer, attempt, deadline: this.deadline }
    }
    // The breaker hears of a failed attempt before anything is planned: it may have been the last that it would bear.
    if (!breakerCountsCalls) attempt.settle(verdict.class, this.now)
    const plan = this.#plan(answer, verdict)
    if (typeof plan === 'string' && breakerCountsCalls) this.#handOverTicket(attempt)
    attempt.settle(verdict.class, this.now)
    if (typeof plan === 'string')
      return { is: 'failed', attempts: this.attempts, outcome: answer, attempt, why: plan, deadline: this.deadline }
    this.delay = plan
    this.#last = answer
    this.#lastClass = verdict.class
    return undefined
  }

  /** A call that failed before it was refused has failed, where calls are counted. */
  refuse(reason: RejectReason): CallResult {
    const { breaker, breakerCountsCalls, rateLimit } = this.layers
    this.#giveBack(breakerCountsCalls ? this.#lastClass : 'neutral')
    const wait = reason === 'circuit_open' ? breaker?.retryAfter(this.now) : reason === 'rate_limited' ? rateLimit?.retryAfter(this.now) : 0
    return { is: 'rejected', attempts: this.attempts, reason, retryAfterMs: wait ?? 0, last: this.#last }
  }

  /** The client is gone. */
  abandon(): CallResult {
    this.tick()
    this.attempt?.settle('neutral', this.now)
    this.#giveBack('neutral')
    return { is: 'aborted', attempts: this.attempts }
  }

  #start(ticket: Ticket, probe: boolean, hedgeAfterMs: Ms): Attempt {
    this.attempts++
    this.#inBulkhead = false
    const { layers, attempts, now, deadline } = this
    return new Attempt(layers, {
      number: attempts,
      ticket: layers.breakerCountsCalls ? NO_TICKET : ticket,
      probe,
      now,
      deadline,
      hedgeAfterMs,
    })
  }

  #plan(outcome: AttemptOutcome, verdict: Verdict): Ms | StopReason {
    const { retry, breaker } = this.layers
    if (!retry) return 'no_retry'
    if (this.#hedged) return 'hedged'
    if (this.attempt!.probe) return 'probe'
    if (breaker && !breaker.isClosed()) return 'circuit_open'
    const { request, attempts, delay, deadline, now } = this
    const plan = retry.plan({ request, outcome, verdict, attempts, delayBefore: delay, remainingMs: deadline - now }, now)
    if (typeof plan === 'number' && retry.budget) this.#retriesPaid++
    return plan
  }

  /** Where calls are counted, the attempt that ends the call speaks for all of it, from its beginning. */
  #handOverTicket(attempt: Attempt): void {
    attempt.speakForCall(this.#ticket, this.#since)
    this.#ticket = NO_TICKET
  }

  #giveBack(outcome: OutcomeClass): void {
    const { breaker, bulkhead } = this.layers
    if (this.#ticket !== NO_TICKET) breaker!.record(this.#ticket, outcome, this.now - this.#since, this.now)
    this.#ticket = NO_TICKET
    if (this.#inBulkhead) bulkhead!.release()
    this.#inBulkhead = false
    this.#endRetries()
  }

  #endRetries(): void {
    for (; this.#retriesPaid > 0; this.#retriesPaid--) this.layers.retry!.budget!.retryEnded()
  }
}

function isOutcome(answer: Answer): answer is AttemptOutcome {
  return answer.is === 'response' || answer.is === 'timeout' || answer.is === 'connection_error'
}
