// survivesSlownessOf('gemini', { in: 'spike' }): the upstream takes longer than the gateway waits, and users are told something in time.
import * as z from 'zod'
import type { UpstreamName } from '../../faults/fault-input.ts'
import { around } from './around.ts'
import { type WrittenClaim, claimType, writtenClaim } from './claim.ts'
import { type FaultClaimOptions, faultClaim, faultClaimOf } from './fault-claim.ts'
import {
  answersInTime,
  harmsNobodyElse,
  opensAndRefuses,
  probesWithCare,
  recoversAfterIt,
  repeatsWithCare,
  servesFallbacks,
  wellBefore,
} from './fault-story.ts'

export const survivesSlowness = claimType({
  kind: 'survives_slowness',
  schema: z.strictObject({ kind: z.literal('survives_slowness'), ...faultClaim }),
  build: {
    /** The upstream answers later than the gateway waits for it in these phases. */
    survivesSlownessOf: (of: UpstreamName, options: FaultClaimOptions): WrittenClaim =>
      writtenClaim({ kind: 'survives_slowness', ...faultClaimOf(of, options) }),
  },
  sentence: (claim) => `slowness of ${claim.upstream} during ${claim.in.join(' and ')} is survived`,
  upstreams: ({ upstream }) => [upstream],
  phases: (claim) => claim.in,
  probes: ({ upstream }) => [{ upstream, names: ['fails-once', 'fails-twice', 'slow-failure'] }],
  criteria(claim, story) {
    const phases = around(story, claim.in)
    return [
      ...repeatsWithCare(claim, story),
      ...answersInTime(claim, story),
      ...opensAndRefuses(claim, story),
      ...probesWithCare(claim, story),
      ...recoversAfterIt(claim, story, phases),
      ...servesFallbacks(claim, story, phases),
      ...wellBefore(claim, story, phases),
      ...harmsNobodyElse(claim.upstream, story, phases),
    ]
  },
})
