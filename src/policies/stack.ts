// The policies of one upstream, put together: what the gateway and the simulation hold, one for each upstream.
import type { Clock, Ms } from '../kernel/clock.ts'
import type { Random } from '../kernel/random.ts'
import { Bulkhead } from './bulkhead.ts'
import { Breaker, type BreakerSnapshot, type Transition } from './breaker.ts'
import { call } from './call.ts'
import { Classifier, type OutcomeClass } from './classification.ts'
import type { Answer, AttemptOutcome, CallRequest, CallResult, Effect } from './effects.ts'
import { Fallback } from './fallback.ts'
import { Hedging } from './hedging.ts'
import { RateLimit } from './rate-limit.ts'
import { Retry } from './retry.ts'
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
  readonly hedging: Hedging | undefined
}

export interface StackOptions {
  clock: Clock
  random: Random
  /** Told of every change of the breaker's state, after it happened. What it throws is ignored. */
  onTransition?: (transition: Transition) => void
  /** Overrules the settings' classification; undefined leaves it to them. When it throws, the outcome is neutral. */
  classify?: (outcome: AttemptOutcome) => OutcomeClass | undefined
  /** A further condition: false forbids a retry that the settings would allow. When it throws, there is none. */
  retryIf?: (outcome: AttemptOutcome) => boolean
}

export interface StackSnapshot {
  breaker: BreakerSnapshot | undefined
  bulkhead: { inUse: number; limit: number; queued: number } | undefined
  rateLimit: { queued: number } | undefined
  retryBudget: { balance: number; active: number } | undefined
}

export interface UpstreamStack<Response> {
  readonly name: string
  readonly policies: UpstreamPolicies
  readonly fallback: Fallback<Response>
  /** Undefined when the upstream has no breaker. */
  readonly breaker: Breaker | undefined
  call(request: CallRequest): Generator<Effect, CallResult, Answer>
  /** What monitoring shows: a pure function of state and clock, so it is never stale. Changes nothing. */
  snapshot(): StackSnapshot
  /** Closes the breaker and clears its counts. Results of calls that are under way no longer count. */
  reset(): void
}
