// `closed_after`: connections that carry so many answers and are closed, without a word before. A request may be on its way by then.
import * as z from 'zod'
import { plural } from '../../kernel/wording.ts'
import { onRequests, type RequestFaultInput, type UpstreamName } from '../fault-input.ts'
import type { Hits } from '../hits.ts'
import { requestFaultType } from '../request-fault.ts'

/** Closes a connection once it has carried this many answers. The answers are whole, and do not announce it. */
function closedAfter(upstream: UpstreamName, answers: number, hits: Hits = {}): RequestFaultInput {
  return onRequests(upstream, { is: 'closed_after', answers }, hits)
}

export const closedAfterFault = requestFaultType({
  is: 'closed_after',
  docs: [
    {
      written: "closedAfter('gemini', 10)",
      does: 'Closes a connection once it has carried so many answers. The answers are whole, and do not announce it.',
    },
  ],
  schema: z.strictObject({ is: z.literal('closed_after'), answers: z.int().min(1) }),
  build: { closedAfter },
  words: ({ answers }) => `closes each connection after ${plural(answers, 'answer')}`,
  apply({ answers }, plan) {
    plan.closesAfter = Math.min(plan.closesAfter ?? answers, answers)
  },
})
