// survivesOutageOf('gemini', { in: 'outage' }): the upstream fails, and the gateway fails fast, harms nobody else, and recovers by itself.
import * as z from 'zod'
import type { UpstreamName } from '../../faults/fault-input.ts'
import { type WrittenClaim, claimType, writtenClaim } from './claim.ts'
import { around } from './around.ts'
import { type FaultClaimOptions, faultClaim, faultClaimOf } from './fault-claim.ts'
import { harmsNobodyElse, opensAndRefuses, recoversAfterIt, repeatsWithCare, servesFallbacks, wellBefore } from './fault-story.ts'

export const survivesOutage = claimType({
  kind: 'survives_outage',
  schema: z.strictObject({ kind: z.literal('survives_outage'), ...faultClaim }),
  build: {
    /** The upstream answers errors, or nothing, in these phases. */
    survivesOutageOf: (of: UpstreamName, options: FaultClaimOptions): WrittenClaim =>
      writtenClaim({ kind: 'survives_outage', ...faultClaimOf(of, options) }),
  },
  sentence: (claim) => `an outage of ${claim.upstream} during ${claim.in.join(' and ')} is survived`,
  upstreams: ({ upstream }) => [upstream],
  phases: (claim) => claim.in,
  probes: ({ upstream }) => [{ upstream, names: ['not-found', 'fails-once', 'fails-twice', 'too-many', 'slow-failure', 'cut-body'] }],
  criteria(claim, story) {
    const phases = around(story, claim.in)
    return [
      ...repeatsWithCare(claim, story),
      ...opensAndRefuses(claim, story),
      ...recoversAfterIt(claim, story, phases),
      ...servesFallbacks(claim, story, phases),
      ...wellBefore(claim, story, phases),
      ...harmsNobodyElse(claim.upstream, story, phases),
    ]
  },
})
