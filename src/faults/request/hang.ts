// `hang`: the request is read and never answered. Clearing the fault does not wake requests that already hang.
// A hanging request keeps a worker of the fake busy for its service time alone.
import * as z from 'zod'
import { onRequests, type RequestFaultInput, type UpstreamName } from '../fault-input.ts'
import type { Hits } from '../hits.ts'
import { requestFaultType } from '../request-fault.ts'

/** Accepts requests and never answers. */
function hang(upstream: UpstreamName, hits: Hits = {}): RequestFaultInput {
  return onRequests(upstream, { is: 'hang' }, hits)
}

export const hangFault = requestFaultType({
  is: 'hang',
  docs: [{ written: "hang('gemini')", does: 'Reads the request and never answers.' }],
  schema: z.strictObject({ is: z.literal('hang') }),
  build: { hang },
  words: () => 'never answers',
  apply(_fault, plan) {
    plan.hangs = true
  },
})
