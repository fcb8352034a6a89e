// The policies of one upstream, put together: what the gateway and the simulation hold, one for each upstream.
import { type Clock, type Ms, wallClock } from '../kernel/clock.ts'
import type { Random } from '../kernel/random.ts'
import { limitRule } from './limits/adaptive/limit-rules.ts'
import { Breaker } from './breaker/breaker.ts'
import type { BreakerSnapshot, Transition } from './breaker/snapshot.ts'
import { Bulkhead } from './limits/bulkhead.ts'
import { call } from './call.ts'
import { Classifier, type OutcomeClass } from './classifier.ts'
import type { Answer, AttemptOutcome, CallRequest, CallResult, Effect } from './effects.ts'
import { Fallback } from './fallback.ts'
import type { Layers } from './policy-set.ts'
import { RateLimit } from './limits/rate-limit.ts'
import { Retry } from './retry/retry.ts'
import { parsePolicies, type UpstreamPolicies, type UpstreamPoliciesInput } from './settings.ts'

export interface StackOptions {
  clock: Clock
  random: Random
  /** Told of every change of the breaker's state, after it happened. What it throws is ignored. */
  onTransition?: (transition: Transition) => void
  /** Overrules the settings' classification; undefined leaves it to them. When it throws, the outcome is neutral. */
  classify?: (outcome: AttemptOutcome) => OutcomeClass | undefined
  /** A further condition: false forbids a retry that the settings would allow. When it throws, there is none. */
  retryIf?: (outcome: AttemptOutcome) => boolean
  /** For Retry-After dates alone. */
  wallNow?: () => Date
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

// A probe's answer comes within its attempt timeout, or is lost: a little later.
const SLACK: Ms = 1000

/**
 * Settings may be as written or as parsed.
 * @throws GatecrashError `invalid_config` naming every problem of the settings at once
 */
export function createStack<Response>(name: string, settings: UpstreamPoliciesInput, options: StackOptions): UpstreamStack<Response> {
  const policies = parsePolicies(`policies of ${name}`, settings)
  const { clock, onTransition, wallNow = wallClock } = options
  const random = options.random.stream(name)
  const { breaker, retry, bulkhead, rateLimit, timeout, hedge } = policies
  const layers: Layers = {
    clock,
    classifier: new Classifier(policies, options),
    attemptMs: timeout.attempt,
    totalMs: timeout.total,
    breaker:
      breaker &&
      new Breaker(name, { ...breaker, probeLease: breaker.probeLease ?? timeout.attempt + SLACK }, random.stream('recovery'), onTransition),
    breakerCountsCalls: breaker?.counts === 'calls',
    retry: retry && new Retry(retry, random.stream('backoff'), wallNow),
    bulkhead: bulkhead && new Bulkhead(bulkhead),
    rateLimit: rateLimit && new RateLimit(rateLimit),
    adaptive: bulkhead && limitRule(bulkhead),
    hedge,
  }
  return {
    name,
    policies,
    fallback: new Fallback(policies.fallback, clock),
    breaker: layers.breaker,
    call: (request) => call(layers, request),
    snapshot: () => snapshot(layers),
    reset: () => layers.breaker?.reset(clock.now()),
  }
}

function snapshot({ clock, breaker, bulkhead, rateLimit, retry }: Layers): StackSnapshot {
  const now = clock.now()
  const budget = retry?.budget
  return {
    breaker: breaker?.snapshot(now),
    bulkhead: bulkhead && { inUse: bulkhead.inUse, limit: bulkhead.limit, queued: bulkhead.queued },
    rateLimit: rateLimit && { queued: rateLimit.queued },
    retryBudget: budget && { balance: budget.balance(now), active: budget.active },
  }
}
