// `jitter`: latency whose spread has a shape. Of the embedded Toxiproxy only.
import * as z from 'zod'
import type { Direction, NetworkFaultInput, UpstreamName } from '../../fault-input.ts'
import { lateAnswer } from '../canary-signs.ts'
import { onWayToUpstream, toxic, toxicFaultType, unbounded, whole } from '../network-fault.ts'
import { type Distribution, jitter } from '../toxics/jitter.ts'

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

export const unsteadyNetworkFault = toxicFaultType({
  type: 'jitter',
  docs: [
    {
      written: "unsteadyNetwork('gemini', { latencyMs: 200, deviationMs: 50 })",
      does: 'Each way through the network takes longer, spread in the shape of a distribution.',
    },
  ],
  toxic: jitter,
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
