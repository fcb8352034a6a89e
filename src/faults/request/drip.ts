import * as z from 'zod'
import type { FaultKind } from '../answer-plan.ts'

/** Bytes keep coming, too slowly: what an idle timeout misses and a total timeout catches. */
export const drip: FaultKind<'drip'> = {
  schema: z.strictObject({
    is: z.literal('drip'),
    pieces: z.int().min(1).max(100_000),
    intervalMs: z.number().min(0).max(3_600_000),
  }),
  apply(fault, treatment) {
    treatment.drip = { pieces: fault.pieces, intervalMs: fault.intervalMs }
  },
}
