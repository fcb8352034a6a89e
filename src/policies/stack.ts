// The policies of one upstream and their state, as the gateway and the simulation hold them: one stack for each upstream.
import type { Breaker } from './breaker/breaker.ts'
import type { BreakerSnapshot } from './breaker/snapshot.ts'
import type { CallResult } from './call-result.ts'
import { call } from './call.ts'
import type { Answer, CallRequest, Effect } from './effects.ts'
import { Fallback } from './fallback/fallback.ts'
import { createPolicySet, type PolicyOptions, type PolicySet } from './policy-set.ts'
import { parsePolicies, type UpstreamPolicies, type UpstreamPoliciesInput } from './settings.ts'

export interface StackSnapshot {
  breaker: BreakerSnapshot | undefined
  bulkhead: { inUse: number; limit: number; queued: number } | undefined
  rateLimit: { queued: number } | undefined
  retryBudget: { balance: number; active: number } | undefined
}

/** `Response`: what a fallback keeps of an answer. */
export interface UpstreamStack<Response> {
  readonly name: string
  readonly policies: UpstreamPolicies
  readonly fallback: Fallback<Response>
  /** Undefined when the upstream has no breaker. */
  readonly breaker: Breaker | undefined
  /** A pipeline for `drive`. See `serve` for the one with the fallback around it. */
  call(request: CallRequest): Generator<Effect, CallResult, Answer>
  /** What monitoring shows: a pure function of state and clock, so it is never stale. Changes nothing. */
  snapshot(): StackSnapshot
  /** Closes the breaker and clears its counts. Results of calls that are under way no longer count. */
  reset(): void
}

/**
 * Settings may be as written or as parsed.
 * @throws GatecrashError `invalid_config` naming every problem of the settings at once
 */
export function createStack<Response>(name: string, settings: UpstreamPoliciesInput, options: PolicyOptions): UpstreamStack<Response> {
  return stackOf(name, parsePolicies(`policies of ${name}`, settings), options)
}

/** The same of settings that are parsed. */
export function stackOf<Response>(name: string, policies: UpstreamPolicies, options: PolicyOptions): UpstreamStack<Response> {
  const set = createPolicySet(name, policies, options)
  const { breaker, clock } = set
  return {
    name,
    policies,
    fallback: new Fallback(policies.fallback, clock),
    breaker,
    call: (request) => call(set, request),
    snapshot: () => snapshot(set),
    reset: () => breaker?.reset(clock.now()),
  }
}

function snapshot({ clock, breaker, limits, retry }: PolicySet): StackSnapshot {
  const now = clock.now()
  const { bulkhead, rateLimit } = limits
  const budget = retry?.budget
  return {
    breaker: breaker?.snapshot(now),
    bulkhead: bulkhead && { inUse: bulkhead.inUse, limit: bulkhead.limit, queued: bulkhead.queued },
    rateLimit: rateLimit && { queued: rateLimit.queued },
    retryBudget: budget && { balance: budget.balance(now), active: budget.active },
  }
}
