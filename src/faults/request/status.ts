// `status`: the service's own error, with any status.
import * as z from 'zod'
import { onRequests, type RequestFaultInput, type UpstreamName } from '../fault-input.ts'
import type { Hits } from '../hits.ts'
import { requestFaultType } from '../request-fault.ts'

/** Answers with `code`; `retryAfter` (seconds or an HTTP date) becomes the header. */
export function status(upstream: UpstreamName, code: number, options: Hits & { retryAfter?: string } = {}): RequestFaultInput {
  const { retryAfter, ...hits } = options
  return onRequests(upstream, { is: 'status', status: code, ...(retryAfter !== undefined && { retryAfter }) }, hits)
}

export const statusFault = requestFaultType({
  is: 'status',
  docs: [
    {
      written: "status('gemini', 503)",
      does: "Answers with this status and the service's own error body; `retryAfter` becomes the header.",
    },
  ],
  schema: z.strictObject({
    is: z.literal('status'),
    status: z.int().min(200).max(599),
    // Node refuses to send control characters in a header: the fake would break in place of the client.
    retryAfter: z
      .string()
      .regex(/^[\x20-\x7e]+$/, { error: 'must be printable ASCII, such as "5" or an HTTP date' })
      .exactOptional(),
  }),
  build: { status },
  words: ({ status: code, retryAfter }) => `answers ${code}${retryAfter === undefined ? '' : `, Retry-After ${retryAfter}`}`,
  apply({ status: code, retryAfter }, plan) {
    plan.status = { code, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } }
  },
})
