// isolates('gemini', { in: 'outage' }): whatever is wrong with one upstream, the others notice nothing.
import * as z from 'zod'
import type { UpstreamName } from '../../faults/fault-input.ts'
import { around } from './around.ts'
import { type WrittenClaim, claimType, writtenClaim } from './claim.ts'
import { type FaultClaimOptions, faultClaim, faultClaimOf } from './fault-claim.ts'
import { harmsNobodyElse, wellBefore } from './fault-story.ts'

export const isolates = claimType({
  kind: 'isolates',
  schema: z.strictObject({ kind: z.literal('isolates'), ...faultClaim }),
  build: {
    /** The upstream has a fault in these phases, and no other one suffers. */
    isolates: (of: UpstreamName, options: FaultClaimOptions): WrittenClaim =>
      writtenClaim({ kind: 'isolates', ...faultClaimOf(of, options) }),
  },
  sentence: (claim) => `nobody else notices what is wrong with ${claim.upstream} during ${claim.in.join(' and ')}`,
  upstreams: ({ upstream }) => [upstream],
  phases: (claim) => claim.in,
  probes: () => [],
  criteria(claim, story) {
    const phases = around(story, claim.in)
    return [...wellBefore(claim, story, phases), ...harmsNobodyElse(claim.upstream, story, phases)]
  },
})
