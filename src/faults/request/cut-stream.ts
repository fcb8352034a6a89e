// `cut_stream`: a stream that ends in good order before its last event. HTTP calls it complete; only the missing end tells.
import * as z from 'zod'
import { share } from '../../kernel/wording.ts'
import { cutAnswer } from '../answer-plan.ts'
import { onRequests, type RequestFaultInput, type UpstreamName } from '../fault-input.ts'
import type { Hits } from '../hits.ts'
import { requestFaultType } from '../request-fault.ts'

/** Ends a stream after `fraction` (0–1) of its events, or an answer that is no stream after that share of its bytes. */
function cutStream(upstream: UpstreamName, fraction = 0.5, hits: Hits = {}): RequestFaultInput {
  return onRequests(upstream, { is: 'cut_stream', fraction }, hits)
}

export const cutStreamFault = requestFaultType({
  is: 'cut_stream',
  docs: [
    {
      written: "cutStream('gemini', 0.5)",
      does: 'Ends a stream in good order after this share of its events. HTTP calls it complete: only the missing end tells.',
    },
  ],
  schema: z.strictObject({ is: z.literal('cut_stream'), fraction: z.number().min(0).max(1) }),
  build: { cutStream },
  words: ({ fraction }) => `ends the stream after ${share(fraction)} of it`,
  apply({ fraction }, plan) {
    cutAnswer(plan, { at: 'between_pieces', fraction, how: 'complete' })
  },
})
