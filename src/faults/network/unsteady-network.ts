// `jitter`: latency whose spread has a shape. Of the embedded Toxiproxy only.
import * as z from 'zod'
import { lateAnswer } from '../canary-signs.ts'
import type { Direction, NetworkFaultInput, UpstreamName } from '../fault-input.ts'
import { type AttributesOf, networkFaultType, onWayToUpstream, toxic, unbounded, whole } from '../network-fault.ts'

type Distribution = NonNullable<AttributesOf<'jitter'>['distribution']>

/**
 * Each way through the network takes longer by `latencyMs` on average, spread by `deviationMs` (standard deviation) in the shape of
 * `distribution`. For the embedded Toxiproxy only.
 */
function unsteadyNetwork(
  upstream: UpstreamName,
  { latencyMs, deviationMs, distribution = 'normal' }: { latencyMs: number; deviationMs: number; distribution?: Distribution },
  stream: Direction = 'downstream',
): NetworkFaultInput {
  return toxic(upstream, 'jitter', { latency: latencyMs, jitter: deviationMs, distribution }, { stream })
}

export const unsteadyNetworkFault = networkFaultType({
  type: 'jitter',
  attributes: z.strictObject({
    latency: whole,
    jitter: whole,
    distribution: z.enum(['normal', 'pareto', 'log_normal', 'uniform']).exactOptional(),
  }),
  build: { unsteadyNetwork },
  sign: lateAnswer,
  // Most distributions have a tail without an end.
  delayBound: unbounded,
  keepsRequests: onWayToUpstream,
})
