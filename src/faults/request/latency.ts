import * as z from 'zod'
import type { Latency } from '../request-fault.ts'
import { drawLatency } from '../latency.ts'
import type { FaultKind } from '../answer-plan.ts'

// An hour: longer than any client waits, and far from what timers cannot hold.
const span = z.number().min(0).max(3_600_000)

const latencySchema: z.ZodType<Latency> = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('fixed'), ms: span }),
  z
    .strictObject({ is: z.literal('uniform'), minMs: span, maxMs: span })
    .refine(({ minMs, maxMs }) => minMs <= maxMs, { path: ['maxMs'], error: 'must not be below minMs' }),
  z.strictObject({ is: z.literal('log_normal'), medianMs: span, sigma: z.number().min(0).max(5) }),
])

/** Several latencies add up. */
export const latency: FaultKind<'latency'> = {
  schema: z.strictObject({ is: z.literal('latency'), latency: latencySchema }),
  apply(fault, treatment, draw) {
    treatment.delayMs += drawLatency(fault.latency, draw)
  },
}
