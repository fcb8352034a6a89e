// recovers('gemini', { in: 'outage' }): when the fault is over the breaker is probed, closes, and users are served as before.
import * as z from 'zod'
import type { UpstreamName } from '../../faults/fault-input.ts'
import { around } from './around.ts'
import { type WrittenClaim, claimType, writtenClaim } from './claim.ts'
import { type FaultClaimOptions, faultClaim, faultClaimOf } from './fault-claim.ts'
import { recoversAfterIt, wellBefore } from './fault-story.ts'

export const recovers = claimType({
  kind: 'recovers',
  schema: z.strictObject({ kind: z.literal('recovers'), ...faultClaim }),
  build: {
    /** The upstream has a fault in these phases, and is well in the next. */
    recovers: (of: UpstreamName, options: FaultClaimOptions): WrittenClaim =>
      writtenClaim({ kind: 'recovers', ...faultClaimOf(of, options) }),
  },
  sentence: (claim) => `${claim.upstream} is served again after ${claim.in.join(' and ')}`,
  upstreams: ({ upstream }) => [upstream],
  phases: (claim) => claim.in,
  probes: () => [],
  criteria(claim, story) {
    const phases = around(story, claim.in)
    return [...wellBefore(claim, story, phases), ...recoversAfterIt(claim, story, phases)]
  },
})
