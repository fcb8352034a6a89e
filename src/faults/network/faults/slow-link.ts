// `bandwidth`: each connection carries so much and no more.
import * as z from 'zod'
import type { Direction, NetworkFaultInput, UpstreamName } from '../../fault-input.ts'
import { slowAnswer } from '../canary-signs.ts'
import { onWayToUpstream, toxic, toxicFaultType, unbounded, whole } from '../network-fault.ts'
import { bandwidth } from '../toxics/bandwidth.ts'

/** The link carries at most `kilobytesPerSecond` (1 KB = 1000 bytes) per connection. */
export function slowLink(upstream: UpstreamName, kilobytesPerSecond: number, stream: Direction = 'downstream'): NetworkFaultInput {
  return toxic(upstream, 'bandwidth', { rate: kilobytesPerSecond }, { stream })
}

/** The link stalls in one direction: nothing passes and nothing is lost. Everything comes at once when the fault ends. */
export function stall(upstream: UpstreamName, stream: Direction = 'downstream'): NetworkFaultInput {
  return slowLink(upstream, 0, stream)
}

export const slowLinkFault = toxicFaultType({
  type: 'bandwidth',
  docs: [
    { written: "slowLink('gemini', 10)", does: 'Each connection carries at most so many kilobytes per second.' },
    {
      written: "stall('gemini')",
      does: 'Nothing passes in one direction and nothing is lost: all of it comes at once when the fault ends.',
    },
  ],
  toxic: bandwidth,
  attributes: z.strictObject({ rate: whole }),
  build: { slowLink, stall },
  sign: slowAnswer,
  delayBound: unbounded,
  keepsRequests: onWayToUpstream,
})
