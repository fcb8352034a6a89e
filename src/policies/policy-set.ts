// The policies of one upstream, made from its settings once: what each of its calls passes.
import { type Clock, type Ms, wallClock } from '../kernel/clock.ts'
import type { Random } from '../kernel/random.ts'
import { Breaker } from './breaker/breaker.ts'
import type { Transition } from './breaker/snapshot.ts'
import { Classifier, type ClassifierOptions } from './classifier.ts'
import type { HedgeSettings } from './hedging/settings.ts'
import { createLimits, type Limits } from './limits/limits.ts'
import type { WaitingQueue } from './limits/waiting-queue.ts'
import { Retry } from './retry/retry.ts'
import type { UpstreamPolicies } from './settings.ts'

/** A policy that is switched off is undefined. */
export interface PolicySet {
  /** Whose policies they are. */
  readonly upstream: string
  readonly clock: Clock
  readonly classifier: Classifier
  readonly attemptMs: Ms
  readonly totalMs: Ms
  readonly breaker: Breaker | undefined
  /** Whether the breaker is asked and told once a call instead of once an attempt. */
  readonly breakerCountsCalls: boolean
  readonly retry: Retry | undefined
  readonly limits: Limits
  /** The limits that are switched on, in the order in which an attempt passes them. */
  readonly queues: readonly WaitingQueue[]
  /** Those of them that hear of every attempt's end. */
  readonly listening: readonly WaitingQueue[]
  readonly hedge: HedgeSettings | undefined
}

export interface PolicyOptions extends ClassifierOptions {
  clock: Clock
  random: Random
  /** Told of every change of the breaker's state, after it happened. What it throws is ignored. */
  onTransition?: (transition: Transition) => void
  /** For Retry-After dates alone. */
  wallNow?: () => Date
}

// A probe's answer comes within its attempt timeout. A probe that has no answer this long after it is lost.
const PROBE_GRACE: Ms = 1000

export function createPolicySet(upstream: string, policies: UpstreamPolicies, options: PolicyOptions): PolicySet {
  const { clock, onTransition, wallNow = wallClock } = options
  const random = options.random.stream(upstream)
  const { breaker, retry, timeout, hedge } = policies
  const limits = createLimits(policies)
  const queues = Object.values<WaitingQueue | undefined>(limits).filter((queue) => queue !== undefined)
  return {
    upstream,
    clock,
    classifier: new Classifier(policies, options),
    attemptMs: timeout.attempt,
    totalMs: timeout.total,
    breaker:
      breaker &&
      new Breaker(
        upstream,
        { ...breaker, probeLease: breaker.probeLease ?? timeout.attempt + PROBE_GRACE },
        random.stream('recovery'),
        onTransition,
      ),
    breakerCountsCalls: breaker?.counts === 'calls',
    retry: retry && new Retry(retry, random.stream('backoff'), wallNow),
    limits,
    queues,
    listening: queues.filter(({ attemptEnded }) => attemptEnded),
    hedge,
  }
}
