// Whether, and when, a failed attempt is followed by another.
import type { Ms } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import { backoffDelay } from './backoff.ts'
import type { Verdict } from '../classifier.ts'
import type { AttemptOutcome, CallRequest, StopReason } from '../effects.ts'
import { retryAfterMs } from './retry-after.ts'
import type { RetryBudget } from './budget/budget.ts'
import { retryBudget } from './budget/budgets.ts'
import type { UpstreamPolicies } from '../settings.ts'

export interface FailedAttempt {
  request: CallRequest
  outcome: AttemptOutcome
  verdict: Verdict
  /** Attempts so far, this one included. */
  attempts: number
  /** What was waited before this one; 0 for the first. */
  delayBefore: Ms
  /** Until the call's deadline. */
  remainingMs: Ms
}

export class Retry {
  readonly budget: RetryBudget | undefined
  readonly #settings: NonNullable<UpstreamPolicies['retry']>
  readonly #random: Random
  readonly #wallNow: () => Date

  constructor(settings: NonNullable<UpstreamPolicies['retry']>, random: Random, wallNow: () => Date) {
    this.#settings = settings
    this.#random = random
    this.#wallNow = wallNow
    this.budget = retryBudget(settings.budget)
  }

  /** The delay before the next attempt, which is then paid for; or why there is none. The budget is asked last: only what will be done is paid. */
  plan(failed: FailedAttempt, now: Ms): Ms | StopReason {
    if (!failed.verdict.retryable) return 'not_retryable'
    if (failed.attempts >= this.#settings.attempts) return 'attempts_exhausted'
    if (!this.#repeatable(failed)) return 'not_repeatable'
    const delay = this.#delay(failed)
    if (typeof delay === 'string') return delay
    // The client gets its answer now, rather than the same answer after a wait.
    if (delay >= failed.remainingMs) return 'deadline'
    if (this.budget && !this.budget.tryRetry(now)) return 'retry_budget'
    return delay
  }

  /** What may have reached the upstream is sent again only if that is harmless. */
  #repeatable({ request, outcome }: FailedAttempt): boolean {
    const unsent = outcome.is === 'connection_error' && outcome.reached === 'no'
    return request.replayable && (request.idempotent || (unsent && this.#settings.retryUnsent))
  }

  #delay({ outcome, attempts, delayBefore }: FailedAttempt): Ms | StopReason {
    const { retryAfter, maxRetryAfter } = this.#settings
    const asked = outcome.is === 'response' && retryAfter ? retryAfterMs(outcome.retryAfter, this.#wallNow) : undefined
    if (asked === undefined) return backoffDelay(this.#settings, attempts, delayBefore, this.#random)
    if (asked > maxRetryAfter) return 'retry_after_too_long'
    // A lower bound, with jitter on top (Envoy: up to half as much again): all who were told the same must not come at once.
    return asked * (1 + this.#random.next() / 2)
  }
}
