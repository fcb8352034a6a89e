// `reset_peer`: connections end with a RST.
import * as z from 'zod'
import type { NetworkFaultInput, UpstreamName } from '../../fault-input.ts'
import { endedEarly } from '../canary-signs.ts'
import { always, noDelay, toxic, toxicFaultType, whole } from '../network-fault.ts'
import { reset_peer } from '../toxics/reset_peer.ts'

/** Every connection is reset, `afterMs` after its first byte. Only connections opened during the fault get a true RST. */
function resets(upstream: UpstreamName, afterMs = 0): NetworkFaultInput {
  return toxic(upstream, 'reset_peer', { timeout: afterMs }, { stream: 'upstream' })
}

export const resetsFault = toxicFaultType({
  type: 'reset_peer',
  docs: [{ written: "resets('gemini')", does: 'Every connection is reset; `afterMs` after its first byte.' }],
  toxic: reset_peer,
  attributes: z.strictObject({ timeout: whole }),
  build: { resets },
  sign: endedEarly,
  delayBound: noDelay,
  keepsRequests: always,
})
