// What a call finds on its way: the policies of one upstream, made from its settings once.
import type { Clock, Ms } from '../kernel/clock.ts'
import type { LimitRule } from './limits/adaptive/limit-rule.ts'
import type { Breaker } from './breaker/breaker.ts'
import type { Bulkhead } from './limits/bulkhead.ts'
import type { Classifier } from './classifier.ts'
import type { RateLimit } from './limits/rate-limit.ts'
import type { Retry } from './retry/retry.ts'
import type { UpstreamPolicies } from './settings.ts'

/** The policies that a call passes; a missing one is switched off. */
export interface Layers {
  readonly clock: Clock
  readonly classifier: Classifier
  readonly attemptMs: Ms
  readonly totalMs: Ms
  readonly breaker: Breaker | undefined
  /** Whether the breaker is asked and told once a call instead of once an attempt. */
  readonly breakerCountsCalls: boolean
  readonly retry: Retry | undefined
  readonly bulkhead: Bulkhead | undefined
  readonly rateLimit: RateLimit | undefined
  /** Moves the bulkhead's limit. */
  readonly adaptive: LimitRule | undefined
  readonly hedge: UpstreamPolicies['hedge']
}
