// Whether, and when, a failed attempt is followed by another.
import type { Ms } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { StopReason } from '../call-result.ts'
import type { Classification } from '../classifier.ts'
import type { AttemptOutcome, CallRequest } from '../effects.ts'
import { backoffDelay } from './backoff.ts'
import type { RetryBudget } from './budget/budget.ts'
import { retryBudget } from './budget/budgets.ts'
import { retryAfterMs } from './retry-after.ts'
import type { RetrySettings } from './settings.ts'

export interface FailedAttempt {
  request: CallRequest
  outcome: AttemptOutcome
  classification: Classification
  /** Attempts so far, this one included. */
  attempts: number
  /** The delay before this one, in ms; 0 for the first. */
  delayBefore: Ms
  /** Until the call's deadline. */
  remainingMs: Ms
}

export class Retry {
  readonly budget: RetryBudget | undefined
  readonly #settings: RetrySettings
  readonly #random: Random
  readonly #wallNow: () => Date

  constructor(settings: RetrySettings, random: Random, wallNow: () => Date) {
    this.#settings = settings
    this.#random = random
    this.#wallNow = wallNow
    this.budget = retryBudget(settings.budget)
  }

  /** The delay before the next attempt, or why there is none. The budget is asked last: it pays only for a retry that will be made. */
  plan(failed: FailedAttempt, now: Ms): Ms | StopReason {
    if (!failed.classification.retryable) return 'not_retryable'
    if (failed.attempts >= this.#settings.attempts) return 'attempts_exhausted'
    if (!this.#repeatable(failed)) return 'not_repeatable'
    const delay = this.#delay(failed)
    if (typeof delay === 'string') return delay
    // The retry would come too late. The client gets its error now, not after a wait.
    if (delay >= failed.remainingMs) return 'deadline'
    if (this.budget && !this.budget.tryRetry(now)) return 'retry_budget'
    return delay
  }

  /** A request that may have reached the upstream is sent again only when a repetition is harmless. */
  #repeatable({ request, outcome }: FailedAttempt): boolean {
    const unsent = outcome.is === 'connection_error' && outcome.reached === 'no'
    return request.replayable && (request.idempotent || (unsent && this.#settings.retryUnsent))
  }

  #delay({ outcome, attempts, delayBefore }: FailedAttempt): Ms | StopReason {
    const { retryAfter, maxRetryAfter } = this.#settings
    const asked = outcome.is === 'response' && retryAfter ? retryAfterMs(outcome.retryAfter, this.#wallNow) : undefined
    if (asked === undefined) return backoffDelay(this.#settings, attempts, delayBefore, this.#random)
    if (asked > maxRetryAfter) return 'retry_after_too_long'
    // A lower bound, with jitter on top (Envoy: up to half as much again): callers that were told the same must not come at once.
    return asked * (1 + this.#random.next() / 2)
  }
}
