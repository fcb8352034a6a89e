import * as z from 'zod'
import { cutAt, type FaultKind } from '../answer-plan.ts'

/** A reset (RST), as from a process that was killed: half of the body by default where it breaks off inside it. */
export const disconnect: FaultKind<'disconnect'> = {
  schema: z.strictObject({
    is: z.literal('disconnect'),
    when: z.enum(['before_headers', 'mid_body']),
    fraction: z.number().min(0).max(1).exactOptional(),
  }),
  apply(fault, treatment) {
    cutAt(treatment, { at: fault.when, fraction: fault.fraction ?? 0.5, how: 'reset' })
  },
}
