// survivesBadNetworkTo('gemini', { in: 'blackhole' }): the network to the upstream breaks, stalls or swallows, and nobody knows what arrived.
import * as z from 'zod'
import type { UpstreamName } from '../../faults/fault-input.ts'
import { around } from './around.ts'
import { type WrittenClaim, claimType, writtenClaim } from './claim.ts'
import { type FaultClaimOptions, faultClaim, faultClaimOf } from './fault-claim.ts'
import {
  answersInTime,
  harmsNobodyElse,
  opensAndRefuses,
  recoversAfterIt,
  repeatsWithCare,
  servesFallbacks,
  wellBefore,
} from './fault-story.ts'

export const survivesBadNetwork = claimType({
  kind: 'survives_bad_network',
  schema: z.strictObject({ kind: z.literal('survives_bad_network'), ...faultClaim }),
  build: {
    /** What is sent to the upstream is cut, reset or swallowed in these phases. */
    survivesBadNetworkTo: (of: UpstreamName, options: FaultClaimOptions): WrittenClaim =>
      writtenClaim({ kind: 'survives_bad_network', ...faultClaimOf(of, options) }),
  },
  sentence: (claim) => `a bad network to ${claim.upstream} during ${claim.in.join(' and ')} is survived`,
  upstreams: ({ upstream }) => [upstream],
  phases: (claim) => claim.in,
  probes: ({ upstream }) => [{ upstream, names: ['fails-once', 'fails-twice', 'cut-body'] }],
  criteria(claim, story) {
    const phases = around(story, claim.in)
    return [
      ...repeatsWithCare(claim, story),
      ...answersInTime(claim, story),
      ...opensAndRefuses(claim, story),
      ...recoversAfterIt(claim, story, phases),
      ...servesFallbacks(claim, story, phases),
      ...wellBefore(claim, story, phases),
      ...harmsNobodyElse(claim.upstream, story, phases),
    ]
  },
})
