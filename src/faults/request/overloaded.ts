// `overloaded`: a fake that can do less than it is asked. What does not find a worker waits; what finds no place to wait is refused with the
// service's 503. A worker finishes what it began, whether or not anybody still waits for it: that is what makes an overload outlive its
// cause. A request that neither waited nor was refused was not hit.
import * as z from 'zod'
import { plural } from '../../kernel/wording.ts'
import { onRequests, type RequestFaultInput, type UpstreamName } from '../fault-input.ts'
import type { Hits } from '../hits.ts'
import { requestFaultType } from '../request-fault.ts'

export interface WorkersLeft extends Hits {
  /** Requests worked on at once. */
  workers: number
  /** Requests that may wait; default 1000. */
  queue?: number
}

/** Works on so many requests at once; others wait in a queue, and beyond its length get 503. */
function overloaded(upstream: UpstreamName, { workers, queue, ...hits }: WorkersLeft): RequestFaultInput {
  return onRequests(upstream, { is: 'overloaded', workers, ...(queue !== undefined && { queue }) }, hits)
}

export const workersSchema = z.int().min(1).max(100_000)
export const queueSchema = z.int().min(0).max(1_000_000).default(1000)

export const overloadedFault = requestFaultType({
  is: 'overloaded',
  docs: [
    {
      written: "overloaded('gemini', { workers: 2, queue: 10 })",
      does: 'Works on so many requests at once. Others wait in a queue, and beyond its length get 503.',
    },
  ],
  schema: z.strictObject({ is: z.literal('overloaded'), workers: workersSchema, queue: queueSchema }),
  build: { overloaded },
  words: ({ workers, queue }) => `works on ${plural(workers, 'request')} at once, and ${queue} may wait`,
  apply({ workers, queue }, plan) {
    plan.capacity = { workers, queue, from: workers, overMs: 0 }
  },
})
