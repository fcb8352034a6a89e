// `truncated`: an orderly end (FIN) too early. The client finds out only by counting against Content-Length. Under MSW, the body fails.
import * as z from 'zod'
import { share } from '../../kernel/wording.ts'
import { cutAnswer } from '../answer-plan.ts'
import { onRequests, type RequestFaultInput, type UpstreamName } from '../fault-input.ts'
import type { Hits } from '../hits.ts'
import { requestFaultType } from '../request-fault.ts'

/** Ends the body in an orderly way after `fraction` (0–1) of what Content-Length promised. */
function truncated(upstream: UpstreamName, fraction = 0.5, hits: Hits = {}): RequestFaultInput {
  return onRequests(upstream, { is: 'truncated', fraction }, hits)
}

export const truncatedFault = requestFaultType({
  is: 'truncated',
  docs: [
    { written: "truncated('gemini', 0.5)", does: 'Ends the body in an orderly way after this share of what Content-Length promised.' },
  ],
  schema: z.strictObject({ is: z.literal('truncated'), fraction: z.number().min(0).max(1) }),
  build: { truncated },
  words: ({ fraction }) => `sends ${share(fraction)} of the body`,
  apply({ fraction }, plan) {
    cutAnswer(plan, { at: 'mid_body', fraction, how: 'end' })
  },
})
