// `stream_error`: the answer begins with 200 and tells an error inside it, when no status can be taken back.
import * as z from 'zod'
import { onRequests, type RequestFaultInput, type UpstreamName } from '../fault-input.ts'
import type { Hits } from '../hits.ts'
import { requestFaultType } from '../request-fault.ts'

/**
 * Ends a stream with the service's own error for `code` as its last event, after half of its events, or after `after` (0–1) of them.
 * An answer that is no stream is the error body alone, with the status of a good one.
 */
function streamError(upstream: UpstreamName, code = 503, options: Hits & { after?: number } = {}): RequestFaultInput {
  const { after = 0.5, ...hits } = options
  return onRequests(upstream, { is: 'stream_error', status: code, fraction: after }, hits)
}

export const streamErrorFault = requestFaultType({
  is: 'stream_error',
  docs: [
    {
      written: "streamError('gemini', 503)",
      does: "Begins a good answer and ends it with the service's own error, when no status can be taken back.",
    },
  ],
  schema: z.strictObject({
    is: z.literal('stream_error'),
    status: z.int().min(400).max(599),
    fraction: z.number().min(0).max(1),
  }),
  build: { streamError },
  words: ({ status }) => `tells an error ${status} inside a good answer`,
  apply({ status, fraction }, plan) {
    plan.errorInside ??= { status, fraction }
  },
})
