// `latency`: each way through the network takes longer.
import * as z from 'zod'
import type { Direction, NetworkFaultInput, UpstreamName } from '../../fault-input.ts'
import { lateAnswer } from '../canary-signs.ts'
import { onWayToUpstream, toxic, toxicFaultType, whole } from '../network-fault.ts'
import { latency as latencyToxic } from '../toxics/latency.ts'

/** Each way through the network takes `latencyMs` (± `jitterMs`) longer, in one direction. */
export function slowNetwork(upstream: UpstreamName, latencyMs: number, jitterMs = 0, stream: Direction = 'downstream'): NetworkFaultInput {
  return toxic(upstream, 'latency', { latency: latencyMs, jitter: jitterMs }, { stream })
}

export const slowNetworkFault = toxicFaultType({
  type: 'latency',
  docs: [
    { written: "slowNetwork('gemini', 200)", does: 'Each way through the network takes so many milliseconds longer, in one direction.' },
  ],
  toxic: latencyToxic,
  attributes: z.strictObject({ latency: whole, jitter: whole.exactOptional() }),
  build: { slowNetwork },
  sign: lateAnswer,
  delayBound: ({ latency, jitter = 0 }) => latency + jitter,
  keepsRequests: onWayToUpstream,
})
