// survivesOutageOf('gemini', { in: 'outage' }): the upstream fails, and the gateway fails fast, harms nobody else, and recovers by itself.
import type { UpstreamName } from '../../faults/fault-input.ts'
import { type WrittenClaim, writtenClaim } from './claim.ts'
import { type FaultClaimOptions, faultClaimOf, faultClaimType } from './fault/fault-claim.ts'
import { survives, unaskedOfNeighbours } from './fault/fault-story.ts'

export const survivesOutage = faultClaimType({
  kind: 'survives_outage',
  doc: {
    written: "survivesOutageOf('gemini', { in: 'outage' })",
    standsFor: 'The gateway fails fast, repeats with care, harms nobody else, serves a fallback where it has one, and is soon as before.',
  },
  build: {
    /** The upstream answers errors, or nothing, in these phases. */
    survivesOutageOf: (of: UpstreamName, options: FaultClaimOptions): WrittenClaim =>
      writtenClaim(faultClaimOf('survives_outage', of, options)),
  },
  sentence: (upstream, during) => `an outage of ${upstream} during ${during} is survived`,
  // What follows a slow failure before it is over is no failure: with the two of a body that is cut off it would open a breaker of three.
  probes: ['not-found', 'fails-once', 'fails-twice', 'slow-failure', 'too-many', 'cut-body'],
  unasked: unaskedOfNeighbours,
  criteria: (claim, story, phases) => survives(claim, story, phases),
})
