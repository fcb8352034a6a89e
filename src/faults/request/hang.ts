import * as z from 'zod'
import type { FaultKind } from '../answer-plan.ts'

/** Reads the request and stays silent until the client goes away. Clearing the fault does not wake those that already hang. */
export const hang: FaultKind<'hang'> = {
  schema: z.strictObject({ is: z.literal('hang') }),
  apply(_fault, treatment) {
    treatment.hangs = true
  },
}
