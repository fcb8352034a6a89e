// `disconnect`: a reset (RST), as from a process that was killed. Under MSW, fetch fails, or its body does.
import * as z from 'zod'
import { cutAnswer } from '../answer-plan.ts'
import { onRequests, type RequestFaultInput, type UpstreamName } from '../fault-input.ts'
import type { Hits } from '../hits.ts'
import { requestFaultType } from '../request-fault.ts'

const HALF = 0.5

/** Destroys the connection before any byte of the answer. */
function disconnect(upstream: UpstreamName, hits: Hits = {}): RequestFaultInput {
  return onRequests(upstream, { is: 'disconnect', when: 'before_headers' }, hits)
}

/** Destroys the connection after `fraction` (0–1) of the body. */
function disconnectMidBody(upstream: UpstreamName, fraction = HALF, hits: Hits = {}): RequestFaultInput {
  return onRequests(upstream, { is: 'disconnect', when: 'mid_body', fraction }, hits)
}

export const disconnectFault = requestFaultType({
  is: 'disconnect',
  docs: [
    { written: "disconnect('gemini')", does: 'Resets the connection before any byte of the answer.' },
    { written: "disconnectMidBody('gemini', 0.5)", does: 'Resets the connection after this share of the body.' },
  ],
  schema: z.strictObject({
    is: z.literal('disconnect'),
    when: z.enum(['before_headers', 'mid_body']),
    fraction: z.number().min(0).max(1).exactOptional(),
  }),
  build: { disconnect, disconnectMidBody },
  words: ({ when }) => (when === 'mid_body' ? 'disconnects in mid-body' : 'disconnects before headers'),
  apply({ when, fraction = HALF }, plan) {
    cutAnswer(plan, { at: when, fraction, how: 'reset' })
  },
})
