// How far one call has come, and what it holds: a breaker's permit, places in queues, paid retries. Whatever ends the call gives back
// what it still holds; what an attempt holds is the attempt's.
import type { PolicyRefusal } from '../contract/refusals.ts'
import type { Ms } from '../kernel/clock.ts'
import { Attempt } from './attempt.ts'
import type { Permit } from './breaker/breaker.ts'
import type { CallResult, StopReason } from './call-result.ts'
import type { AttemptClass, Classification } from './classifier.ts'
import type { Answer, AttemptOutcome, CallRequest } from './effects.ts'
import { hedgeDelay } from './hedging/settings.ts'
import type { WaitingQueue } from './limits/waiting-queue.ts'
import type { PolicySet } from './policy-set.ts'

const NO_PERMIT: Permit = 0

export class CallState {
  readonly policies: PolicySet
  readonly request: CallRequest
  now: Ms
  /** Before the next attempt, decided by `conclude`. */
  delay: Ms = 0
  /** Attempts begun, hedges included. */
  attempts = 0
  hedges = 0
  /** The attempt whose answer decides. */
  attempt: Attempt | undefined
  readonly #since: Ms
  #permit: Permit = NO_PERMIT
  /** How many of the queues it has passed: it holds a place of each. */
  #passed = 0
  #retriesPaid = 0
  #hedged = false
  #last: AttemptOutcome | undefined
  #lastClass: AttemptClass = 'neutral'

  constructor(policies: PolicySet, request: CallRequest) {
    this.policies = policies
    this.request = request
    this.now = policies.clock.now()
    this.#since = this.now
    policies.retry?.budget?.requested(this.now)
  }

  /** When its total time is over. */
  get deadline(): Ms {
    return this.#since + this.policies.totalMs
  }

  tick(): void {
    this.now = this.policies.clock.now()
  }

  /** Asks the breaker, then the queues in their order. Undefined: go ahead. A queue: there may be a place later. */
  admit(): PolicyRefusal | WaitingQueue | undefined {
    const { breaker, breakerCountsCalls } = this.policies
    if (breaker) {
      // A retry is no probe: it goes on only while the breaker is closed.
      if (this.attempts > 0 && !breaker.isClosed()) return 'circuit_open'
      if (this.attempts === 0 || !breakerCountsCalls) {
        this.#permit = breaker.admit(this.now)
        if (this.#permit === NO_PERMIT) return 'circuit_open'
      }
    }
    return this.enterQueues()
  }

  /** Enters the queues that are still ahead, and returns the first that has no place free. */
  enterQueues(): WaitingQueue | undefined {
    const { queues } = this.policies
    for (; this.#passed < queues.length; this.#passed++) if (!queues[this.#passed]!.tryEnter(this.now)) return queues[this.#passed]
    return undefined
  }

  /** After it took a place in the queue that it waited in: whether it may still go on. */
  passQueue(): PolicyRefusal | undefined {
    this.#passed++
    if (this.now >= this.deadline) return 'deadline'
    // The breaker may have changed its state meanwhile: this permit is then void.
    return this.policies.breaker?.isCurrent(this.#permit, this.now) === false ? 'circuit_open' : undefined
  }

  begin(): Attempt {
    const { breaker, hedge } = this.policies
    const probe = breaker !== undefined && breaker.isProbe(this.#permit)
    if (probe) breaker.renew(this.#permit, this.now)
    this.attempt = this.#start(this.#permit, probe, probe ? Number.POSITIVE_INFINITY : hedgeDelay(hedge, this.request))
    if (!this.policies.breakerCountsCalls) this.#permit = NO_PERMIT
    return this.attempt
  }

  /** One more attempt beside those under way, if it is admitted at once and paid for. */
  beginHedge(): Attempt | undefined {
    const { breaker, queues, retry, hedge } = this.policies
    this.hedges++
    this.tick()
    if ((breaker && !breaker.isClosed()) || !queues.every((queue) => queue.isFree(this.now))) return undefined
    if (retry?.budget) {
      if (!retry.budget.tryRetry(this.now)) return undefined
      this.#retriesPaid++
    }
    this.enterQueues()
    this.#hedged = true
    const permit = breaker && !this.policies.breakerCountsCalls ? breaker.admit(this.now) : NO_PERMIT
    return this.#start(permit, false, this.hedges < hedge!.extra ? hedge!.after : Number.POSITIVE_INFINITY)
  }

  /** The result, or undefined: another attempt follows after `delay`. */
  conclude(answer: Answer): CallResult | undefined {
    if (!isOutcome(answer)) return this.abandon()
    const attempt = this.attempt!
    const { classifier, breaker, breakerCountsCalls, retry, listening } = this.policies
    this.#endRetries()
    const classification = classifier.classify(answer)
    retry?.budget?.ended(classification.failed && classification.retryable)
    if (classification.failed || listening.length > 0 || breaker?.timeless === false) this.tick()
    if (answer.is === 'response' && !classification.failed) {
      if (breakerCountsCalls) this.#handOverPermit(attempt)
      if (answer.complete) attempt.settle(classification.class, this.now)
      else if (answer.stream) attempt.beginStream(classification.class, this.policies.clock.now())
      else attempt.expectBody(classification.class, this.now, this.deadline)
      return { is: 'answered', attempts: this.attempts, outcome: answer, attempt, deadline: this.deadline }
    }
    // The breaker hears of a failed attempt before a retry is planned: this failure may open it.
    if (!breakerCountsCalls) attempt.settle(classification.class, this.now)
    const plan = this.#plan(answer, classification)
    if (typeof plan === 'string' && breakerCountsCalls) this.#handOverPermit(attempt)
    attempt.settle(classification.class, this.now)
    if (typeof plan === 'string')
      return { is: 'failed', attempts: this.attempts, outcome: answer, attempt, why: plan, deadline: this.deadline }
    this.delay = plan
    this.#last = answer
    this.#lastClass = classification.class
    return undefined
  }

  /** Where calls are counted, a call that was refused after a failed attempt counts as that attempt. */
  refuse(reason: PolicyRefusal): CallResult {
    const { breaker, breakerCountsCalls, queues } = this.policies
    this.#giveBack(breakerCountsCalls ? this.#lastClass : 'neutral')
    const refusing = reason === 'circuit_open' ? breaker : queues.find(({ refusal }) => refusal === reason)
    return {
      is: 'rejected',
      attempts: this.attempts,
      reason,
      retryAfterMs: refusing?.retryAfter(this.now) ?? 0,
      last: this.#last,
    }
  }

  /** The client is gone. */
  abandon(): CallResult {
    this.tick()
    this.attempt?.settle('neutral', this.now)
    this.#giveBack('neutral')
    return { is: 'aborted', attempts: this.attempts }
  }

  /** The places that the call holds become the attempt's. */
  #start(permit: Permit, probe: boolean, hedgeAfterMs: Ms): Attempt {
    this.attempts++
    this.#passed = 0
    const { policies, attempts, now, deadline } = this
    return new Attempt(policies, {
      number: attempts,
      permit: policies.breakerCountsCalls ? NO_PERMIT : permit,
      probe,
      now,
      deadline,
      hedgeAfterMs,
    })
  }

  #plan(outcome: AttemptOutcome, classification: Classification): Ms | StopReason {
    const { retry, breaker } = this.policies
    if (!retry) return 'no_retry'
    if (this.#hedged) return 'hedged'
    if (this.attempt!.probe) return 'probe'
    if (breaker && !breaker.isClosed()) return 'circuit_open'
    const { request, attempts, delay, deadline, now } = this
    const plan = retry.plan({ request, outcome, classification, attempts, delayBefore: delay, remainingMs: deadline - now }, now)
    if (typeof plan === 'number' && retry.budget) this.#retriesPaid++
    return plan
  }

  /** Where calls are counted, the attempt that ends the call stands for the whole call, from its beginning. */
  #handOverPermit(attempt: Attempt): void {
    attempt.standForCall(this.#permit, this.#since)
    this.#permit = NO_PERMIT
  }

  #giveBack(outcome: AttemptClass): void {
    const { breaker, queues } = this.policies
    if (this.#permit !== NO_PERMIT) breaker!.record(this.#permit, outcome, this.now - this.#since, this.now)
    this.#permit = NO_PERMIT
    while (this.#passed > 0) queues[--this.#passed]!.release?.()
    this.#endRetries()
  }

  #endRetries(): void {
    for (; this.#retriesPaid > 0; this.#retriesPaid--) this.policies.retry!.budget!.retryEnded()
  }
}

function isOutcome(answer: Answer): answer is AttemptOutcome {
  return answer.is === 'response' || answer.is === 'timeout' || answer.is === 'connection_error'
}
