// A request fault that is on: as a fake's control API takes it, and as its decider holds it.
import * as z from 'zod'
import { suggest } from '../kernel/validation.ts'
import { hitsSchema } from './hits.ts'
import { isRequestFault, type RequestFault, requestFaults } from './requests.ts'

/** One of the request faults, chosen by `is`. Problems are those of the chosen fault alone. */
export const requestFaultSchema: z.ZodType<RequestFault> = z.looseObject({ is: z.string() }).transform((fault, context): RequestFault => {
  if (!isRequestFault(fault.is)) {
    context.addIssue({
      code: 'custom',
      path: ['is'],
      message: `unknown fault "${fault.is}"${suggest(fault.is, Object.keys(requestFaults))}`,
    })
    return z.NEVER
  }
  const parsed = requestFaults[fault.is].schema.safeParse(fault)
  if (parsed.success) return parsed.data
  // A reported issue is a raised issue without its `input`, which zod leaves out of reports.
  for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: fault } as z.core.$ZodRawIssue)
  return z.NEVER
})

/** `PUT /faults/F1` of a fake's control API. */
export const activeFaultSchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, dots, dashes or underscores' }),
  fault: requestFaultSchema,
  hits: hitsSchema.default({}),
})

export type ActiveFault = z.output<typeof activeFaultSchema>
