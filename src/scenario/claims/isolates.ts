// isolates('gemini', { in: 'outage' }): whatever is wrong with one upstream, the others notice nothing.
import type { UpstreamName } from '../../faults/fault-input.ts'
import { type WrittenClaim, writtenClaim } from './claim.ts'
import { type FaultClaimOptions, faultClaimOf, faultClaimType } from './fault/fault-claim.ts'
import { harmsNobodyElse, unaskedOfNeighbours, wellBefore } from './fault/fault-story.ts'

export const isolates = faultClaimType({
  kind: 'isolates',
  doc: {
    written: "isolates('gemini', { in: 'outage' })",
    standsFor: 'Whatever is wrong with this upstream, the others notice nothing.',
  },
  build: {
    /** The upstream has a fault in these phases, and no other one suffers. */
    isolates: (of: UpstreamName, options: FaultClaimOptions): WrittenClaim => writtenClaim(faultClaimOf('isolates', of, options)),
  },
  sentence: (upstream, during) => `nobody else notices what is wrong with ${upstream} during ${during}`,
  unasked: unaskedOfNeighbours,
  criteria: (claim, story, phases) => [...wellBefore(claim, story, phases), ...harmsNobodyElse(claim.upstream, story, phases)],
})
