// `drip`: bytes keep coming, too slowly. An idle timeout misses this; a total timeout catches it.
import * as z from 'zod'
import type { Duration } from '../../kernel/duration.ts'
import { duration } from '../../kernel/validation.ts'
import { span } from '../../kernel/wording.ts'
import { onRequests, type RequestFaultInput, type UpstreamName } from '../fault-input.ts'
import type { Hits } from '../hits.ts'
import { requestFaultType } from '../request-fault.ts'

/** Sends the body in `pieces` pieces with `interval` between them. */
function drip(upstream: UpstreamName, pieces: number, interval: Duration, hits: Hits = {}): RequestFaultInput {
  return onRequests(upstream, { is: 'drip', pieces, intervalMs: interval }, hits)
}

export const dripFault = requestFaultType({
  is: 'drip',
  docs: [
    {
      written: "drip('gemini', 20, '200ms')",
      does: 'Sends the body in so many pieces with a pause between them. An idle timeout misses it, and a total timeout catches it.',
    },
  ],
  schema: z.strictObject({
    is: z.literal('drip'),
    pieces: z.int().min(1).max(100_000),
    intervalMs: duration.pipe(z.number().max(3_600_000, { error: 'must be at most an hour' })),
  }),
  build: { drip },
  words: ({ pieces, intervalMs }) => `drips ${pieces} pieces, ${span(intervalMs)} apart`,
  apply({ pieces, intervalMs }, plan) {
    plan.drip = { pieces, intervalMs }
  },
})
