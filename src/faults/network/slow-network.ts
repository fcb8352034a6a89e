// `latency`: each way through the network takes longer.
import * as z from 'zod'
import { lateAnswer } from '../canary-signs.ts'
import type { Direction, NetworkFaultInput, UpstreamName } from '../fault-input.ts'
import { networkFaultType, onWayToUpstream, toxic, whole } from '../network-fault.ts'

/** Each way through the network takes `latencyMs` (± `jitterMs`) longer, in one direction. */
export function slowNetwork(upstream: UpstreamName, latencyMs: number, jitterMs = 0, stream: Direction = 'downstream'): NetworkFaultInput {
  return toxic(upstream, 'latency', { latency: latencyMs, jitter: jitterMs }, { stream })
}

export const slowNetworkFault = networkFaultType({
  type: 'latency',
  attributes: z.strictObject({ latency: whole, jitter: whole.exactOptional() }),
  build: { slowNetwork },
  sign: lateAnswer,
  delayBound: ({ latency, jitter = 0 }) => latency + jitter,
  keepsRequests: onWayToUpstream,
})
