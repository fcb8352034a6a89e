// `shared_bandwidth`: all connections together carry so much and no more. Of the embedded Toxiproxy only.
import * as z from 'zod'
import type { Direction, NetworkFaultInput, UpstreamName } from '../../fault-input.ts'
import { slowAnswer } from '../canary-signs.ts'
import { onWayToUpstream, toxic, toxicFaultType, unbounded, whole } from '../network-fault.ts'
import { shared_bandwidth } from '../toxics/shared_bandwidth.ts'

/** All connections together carry at most `kilobytesPerSecond` (1 KB = 1000 bytes). For the embedded Toxiproxy only. */
function sharedLink(upstream: UpstreamName, kilobytesPerSecond: number, stream: Direction = 'downstream'): NetworkFaultInput {
  return toxic(upstream, 'shared_bandwidth', { rate: kilobytesPerSecond }, { stream })
}

export const sharedLinkFault = toxicFaultType({
  type: 'shared_bandwidth',
  docs: [{ written: "sharedLink('gemini', 100)", does: 'All connections together carry at most so many kilobytes per second.' }],
  toxic: shared_bandwidth,
  attributes: z.strictObject({ rate: whole }),
  build: { sharedLink },
  sign: slowAnswer,
  delayBound: unbounded,
  keepsRequests: onWayToUpstream,
})
