// `timeout`: what flows in one direction is swallowed.
import * as z from 'zod'
import type { Direction, NetworkFaultInput, UpstreamName } from '../../fault-input.ts'
import { neverAnswered } from '../canary-signs.ts'
import { noDelay, onWayToUpstream, toxic, toxicFaultType, whole } from '../network-fault.ts'
import { timeout } from '../toxics/timeout.ts'

/** The network swallows what flows in one direction: connections stay up and nothing arrives. */
export function blackhole(upstream: UpstreamName, stream: Direction = 'downstream'): NetworkFaultInput {
  return toxic(upstream, 'timeout', { timeout: 0 }, { stream })
}

/** The connection is half open: the gateway can send, nothing arrives at the upstream, and nobody is told. */
function halfOpen(upstream: UpstreamName): NetworkFaultInput {
  return blackhole(upstream, 'upstream')
}

export const blackholeFault = toxicFaultType({
  type: 'timeout',
  docs: [
    { written: "blackhole('gemini')", does: 'The network swallows what flows in one direction: connections stay up and nothing arrives.' },
    { written: "blackhole('redis')", does: 'The Redis that the gateway keeps its work in; any fault of the network can be on it.' },
    { written: "halfOpen('gemini')", does: 'The gateway can send, nothing arrives at the upstream, and nobody is told.' },
  ],
  toxic: timeout,
  attributes: z.strictObject({ timeout: whole }),
  build: { blackhole, halfOpen },
  sign: neverAnswered,
  delayBound: noDelay,
  keepsRequests: onWayToUpstream,
})
