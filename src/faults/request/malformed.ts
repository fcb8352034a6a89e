// `malformed`: an answer that is complete by HTTP's count, and whose body does not parse as its Content-Type says.
import * as z from 'zod'
import { onRequests, type RequestFaultInput, type UpstreamName } from '../fault-input.ts'
import type { Hits } from '../hits.ts'
import { requestFaultType } from '../request-fault.ts'

/** Answers in full with a body that does not parse. */
function malformed(upstream: UpstreamName, hits: Hits = {}): RequestFaultInput {
  return onRequests(upstream, { is: 'malformed' }, hits)
}

export const malformedFault = requestFaultType({
  is: 'malformed',
  docs: [{ written: "malformed('gemini')", does: 'Answers in full with a body that does not parse as its Content-Type says.' }],
  schema: z.strictObject({ is: z.literal('malformed') }),
  build: { malformed },
  words: () => 'malformed body',
  apply(_fault, plan) {
    plan.alter.push(spoil)
  },
})

// NUL is allowed nowhere in JSON, inside or outside a string, and 0xff nowhere in UTF-8.
const SPOILT = Buffer.from([0x00, 0xff])
const LF = 0x0a
const CR = 0x0d

/** Cuts a piece in half and spoils the end. Its last line breaks stay, so that the events of a stream stay events. */
function spoil(piece: Buffer): Buffer {
  let end = piece.length
  while (end > 0 && (piece[end - 1] === LF || piece[end - 1] === CR)) end--
  return Buffer.concat([piece.subarray(0, Math.ceil(end / 2)), SPOILT, piece.subarray(end)])
}
