// survivesBadNetworkTo('gemini', { in: 'blackhole' }): the network to the upstream breaks, stalls or swallows, and nobody knows what arrived.
import type { UpstreamName } from '../../faults/fault-input.ts'
import { type WrittenClaim, writtenClaim } from './claim.ts'
import { type FaultClaimOptions, faultClaimOf, faultClaimType } from './fault/fault-claim.ts'
import { survives, unaskedOfNeighbours } from './fault/fault-story.ts'

export const survivesBadNetwork = faultClaimType({
  kind: 'survives_bad_network',
  doc: {
    written: "survivesBadNetworkTo('gemini', { in: 'resets' })",
    standsFor: 'The gateway survives a network that cuts, resets or swallows, as it survives an outage, and tells users something in time.',
  },
  build: {
    /** What is sent to the upstream is cut, reset or swallowed in these phases. */
    survivesBadNetworkTo: (of: UpstreamName, options: FaultClaimOptions): WrittenClaim =>
      writtenClaim(faultClaimOf('survives_bad_network', of, options)),
  },
  sentence: (upstream, during) => `a bad network to ${upstream} during ${during} is survived`,
  probes: ['fails-once', 'fails-twice', 'cut-body'],
  unasked: unaskedOfNeighbours,
  criteria: (claim, story, phases) => survives(claim, story, phases, { inTime: true }),
})
