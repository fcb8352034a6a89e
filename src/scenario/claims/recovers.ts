// recovers('gemini', { in: 'outage' }): when the fault is over the breaker is probed, closes, and users are served as before.
import type { UpstreamName } from '../../faults/fault-input.ts'
import { type WrittenClaim, writtenClaim } from './claim.ts'
import { type FaultClaimOptions, faultClaimOf, faultClaimType } from './fault/fault-claim.ts'
import { recoversAfterIt, wellBefore } from './fault/fault-story.ts'

export const recovers = faultClaimType({
  kind: 'recovers',
  doc: {
    written: "recovers('gemini', { in: 'outage' })",
    standsFor: 'The breaker is probed when its time is over and closes, and users are served as before.',
  },
  build: {
    /** The upstream has a fault in these phases, and is well in the next. */
    recovers: (of: UpstreamName, options: FaultClaimOptions): WrittenClaim => writtenClaim(faultClaimOf('recovers', of, options)),
  },
  sentence: (upstream, during) => `${upstream} is served again after ${during}`,
  criteria: (claim, story, phases) => [...wellBefore(claim, story, phases), ...recoversAfterIt(claim, story, phases)],
})
