// `packet_loss`: pieces of the stream are lost and never sent again. Of the embedded Toxiproxy only.
import * as z from 'zod'
import type { Direction, NetworkFaultInput, UpstreamName } from '../../fault-input.ts'
import { neverAnswered } from '../canary-signs.ts'
import { noDelay, onWayToUpstream, toxic, toxicFaultType } from '../network-fault.ts'
import { packet_loss } from '../toxics/packet_loss.ts'

/**
 * Pieces of the stream are lost with probability `share` (0–1), plus `correlation` right after a loss, and never sent again. What TCP
 * repeats by itself shows as delay: for that see `unsteadyNetwork`. For the embedded Toxiproxy only.
 */
export function packetLoss(upstream: UpstreamName, share: number, correlation = 0, stream: Direction = 'downstream'): NetworkFaultInput {
  return toxic(upstream, 'packet_loss', { loss_rate: share, correlation }, { stream })
}

export const packetLossFault = toxicFaultType({
  type: 'packet_loss',
  docs: [{ written: "packetLoss('gemini', 0.1)", does: 'Pieces of the stream are lost with this probability, and never sent again.' }],
  toxic: packet_loss,
  attributes: z.strictObject({ loss_rate: z.number().min(0).max(1), correlation: z.number().min(0).max(1).exactOptional() }),
  build: { packetLoss },
  sign: neverAnswered,
  delayBound: noDelay,
  keepsRequests: onWayToUpstream,
})
