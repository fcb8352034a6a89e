// How many retries all calls of an upstream may make together: an outage must not multiply the load. One file a scheme.
import type { Ms } from '../../../kernel/clock.ts'

export interface RetryBudget {
  /** Retries that are scheduled or running: backoff counts. */
  readonly active: number
  /** A call begins. */
  requested(now: Ms): void
  /** Pays for one retry, or hedge, as it is scheduled; false when there is nothing left to pay with. */
  tryRetry(now: Ms): boolean
  /** A retry that was paid for is over. */
  retryEnded(): void
  /** An attempt got its answer, or an outcome worth a retry. */
  ended(failed: boolean): void
  balance(now: Ms): number
}
