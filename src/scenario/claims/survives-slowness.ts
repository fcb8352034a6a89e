// survivesSlownessOf('gemini', { in: 'spike' }): the upstream takes longer than the gateway waits, and users are told something in time.
import type { UpstreamName } from '../../faults/fault-input.ts'
import { type WrittenClaim, writtenClaim } from './claim.ts'
import { type FaultClaimOptions, faultClaimOf, faultClaimType } from './fault/fault-claim.ts'
import { survives, unaskedOfNeighbours } from './fault/fault-story.ts'

export const survivesSlowness = faultClaimType({
  kind: 'survives_slowness',
  doc: {
    written: "survivesSlownessOf('gemini', { in: 'slow' })",
    standsFor: 'The gateway survives answers that come later than it waits, as it survives an outage, and tells users something in time.',
  },
  build: {
    /** The upstream answers later than the gateway waits for it in these phases. */
    survivesSlownessOf: (of: UpstreamName, options: FaultClaimOptions): WrittenClaim =>
      writtenClaim(faultClaimOf('survives_slowness', of, options)),
  },
  sentence: (upstream, during) => `slowness of ${upstream} during ${during} is survived`,
  probes: ['fails-once', 'fails-twice', 'slow-failure'],
  unasked: unaskedOfNeighbours,
  criteria: (claim, story, phases) => survives(claim, story, phases, { inTime: true, careful: true }),
})
