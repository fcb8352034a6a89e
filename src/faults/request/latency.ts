// `latency`: the answer comes later. Several latencies add up.
import * as z from 'zod'
import { onRequests, type RequestFaultInput, type UpstreamName } from '../fault-input.ts'
import type { Hits } from '../hits.ts'
import { drawLatency, type LatencyInput, latencySchema, latencyWords } from '../latency.ts'
import { requestFaultType } from '../request-fault.ts'

/** Adds `span` to the latency of every answer that is hit: `'2s'`, `{ median: '800ms', sigma: 0.5 }` or `{ min: '1s', max: '3s' }`. */
export function latency(upstream: UpstreamName, span: LatencyInput, hits: Hits = {}): RequestFaultInput {
  return onRequests(upstream, { is: 'latency', latency: span }, hits)
}

export const latencyFault = requestFaultType({
  is: 'latency',
  docs: [
    {
      written: "latency('gemini', '2s')",
      does: 'Answers later by a span, or by one drawn from `{ median, sigma }` or `{ min, max }`. Several add up.',
    },
  ],
  schema: z.strictObject({ is: z.literal('latency'), latency: latencySchema }),
  build: { latency },
  words: (fault) => `adds ${latencyWords(fault.latency)}`,
  apply(fault, plan, draw) {
    plan.delayMs += drawLatency(fault.latency, draw)
  },
})
