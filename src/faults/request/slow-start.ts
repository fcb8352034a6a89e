// `slow_start`: a service that comes back after an outage with cold caches and few workers. What does not find a worker waits or is
// refused, as with `overloaded`.
import * as z from 'zod'
import { positiveDuration } from '../../kernel/validation.ts'
import { plural, span } from '../../kernel/wording.ts'
import { onRequests, type RequestFaultInput, type UpstreamName } from '../fault-input.ts'
import { requestFaultType } from '../request-fault.ts'
import { queueSchema, type WorkersLeft, workersSchema } from './overloaded.ts'

/** Its capacity comes back from `from` workers (default 1) to `workers`, evenly over a span that begins with the first request. */
function slowStart(
  upstream: UpstreamName,
  { workers, queue, from, over, ...hits }: WorkersLeft & { from?: number; over: string | number },
): RequestFaultInput {
  const given = { ...(queue !== undefined && { queue }), ...(from !== undefined && { from }) }
  return onRequests(upstream, { is: 'slow_start', workers, over, ...given }, hits)
}

export const slowStartFault = requestFaultType({
  is: 'slow_start',
  docs: [
    {
      written: "slowStart('gemini', { workers: 20, over: '5s' })",
      does: 'Its capacity comes back from few workers to `workers`, evenly over a span that begins with the first request.',
    },
  ],
  schema: z
    .strictObject({
      is: z.literal('slow_start'),
      workers: workersSchema,
      queue: queueSchema,
      from: workersSchema.default(1),
      over: positiveDuration,
    })
    .refine(({ workers, from }) => from <= workers, { path: ['from'], message: 'must not be above workers' }),
  build: { slowStart },
  words: ({ workers, queue, from, over }) =>
    `works on ${plural(from, 'request')} at once, within ${span(over)} on ${workers}, and ${queue} may wait`,
  apply({ workers, queue, from, over }, plan) {
    plan.capacity = { workers, queue, from, overMs: over }
  },
})
