import * as z from 'zod'
import type { FaultKind } from '../answer-plan.ts'

/** Complete by HTTP's count, broken inside: see `spoil` in answer.ts. */
export const malformed: FaultKind<'malformed'> = {
  schema: z.strictObject({ is: z.literal('malformed') }),
  apply(_fault, treatment) {
    treatment.malformed = true
  },
}
