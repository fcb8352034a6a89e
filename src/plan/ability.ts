// What a gateway may be able to do for an upstream, beside passing requests on. A gateway that nobody here has seen may lack any of it by
// design: then a promise about how it works has nothing to hold.
import type { UpstreamPolicies } from '../policies/settings.ts'

/** In words, by the policy that gives it. */
export const abilities = {
  breaker: 'a breaker',
  retry: 'retries',
  hedge: 'hedged requests',
  fallback: 'a fallback',
  bulkhead: 'a bulkhead',
  rateLimit: 'a rate limit',
} as const satisfies Partial<Record<keyof UpstreamPolicies, string>>

export type Ability = keyof typeof abilities

/** What else a gateway may lack, though no setting gives it: nobody can expect it where the settings are only assumed. */
export type Lack = Ability | 'requestIds'

export const abilityNames = Object.keys(abilities) as Ability[]
