// An adaptive concurrency limit: each request that ends says what the bulkhead's limit shall be. One file a rule.
import type { Ms } from '../../../kernel/clock.ts'

export interface LimitSample {
  startedAt: Ms
  now: Ms
  /** Requests at the upstream when it started, itself included. */
  inFlight: number
  dropped: boolean
}

export interface LimitRule {
  /** The new limit, a whole number. */
  sample(sample: LimitSample): number
}
