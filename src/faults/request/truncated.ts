import * as z from 'zod'
import { cutAt, type FaultKind } from '../answer-plan.ts'

/** An orderly end (FIN) too early: the client finds out only by counting against Content-Length. */
export const truncated: FaultKind<'truncated'> = {
  schema: z.strictObject({ is: z.literal('truncated'), fraction: z.number().min(0).max(1) }),
  apply(fault, treatment) {
    cutAt(treatment, { at: 'mid_body', fraction: fault.fraction, how: 'end' })
  },
}
