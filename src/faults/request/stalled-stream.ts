// `stalled_stream`: a stream that stops in its middle. Nothing more comes and the connection stays open: an idle timeout alone ends it.
import * as z from 'zod'
import { share } from '../../kernel/wording.ts'
import { cutAnswer } from '../answer-plan.ts'
import { onRequests, type RequestFaultInput, type UpstreamName } from '../fault-input.ts'
import type { Hits } from '../hits.ts'
import { requestFaultType } from '../request-fault.ts'

/** Sends `fraction` (0–1) of a stream's events, or of the bytes of an answer that is no stream, and holds. */
function stalledStream(upstream: UpstreamName, fraction = 0.5, hits: Hits = {}): RequestFaultInput {
  return onRequests(upstream, { is: 'stalled_stream', fraction }, hits)
}

export const stalledStreamFault = requestFaultType({
  is: 'stalled_stream',
  docs: [
    {
      written: "stalledStream('gemini', 0.5)",
      does: 'Sends this share of the events of a stream, and holds. The connection stays open, so an idle timeout alone ends it.',
    },
  ],
  schema: z.strictObject({ is: z.literal('stalled_stream'), fraction: z.number().min(0).max(1) }),
  build: { stalledStream },
  words: ({ fraction }) => `stalls after ${share(fraction)} of the stream`,
  apply({ fraction }, plan) {
    cutAnswer(plan, { at: 'between_pieces', fraction, how: 'hold' })
  },
})
