import * as z from 'zod'
import type { FaultKind } from '../answer-plan.ts'

/** The service's own error, with any status; `retryAfter` goes out as it is written: seconds or an HTTP date. */
export const status: FaultKind<'status'> = {
  schema: z.strictObject({
    is: z.literal('status'),
    status: z.int().min(200).max(599),
    // Node refuses to send control characters in a header; the fault would break the fake in place of the client.
    retryAfter: z
      .string()
      .regex(/^[\x20-\x7e]+$/, { error: 'must be printable ASCII, such as "5" or an HTTP date' })
      .exactOptional(),
  }),
  apply(fault, treatment) {
    treatment.status = { code: fault.status, headers: fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter } }
  },
}
