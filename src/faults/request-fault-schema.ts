// Request faults as they are accepted from outside, in milliseconds. All problems come together, each with its path.
import * as z from 'zod'
import { suggest } from '../kernel/validation.ts'
import type { ActiveFault, Hits, RequestFault } from './request-fault.ts'
import { faultKinds } from './requests.ts'

/** One of the kinds of faults, chosen by `is`. */
export const requestFaultSchema: z.ZodType<RequestFault> = z.looseObject({ is: z.string() }).transform((fault, context): RequestFault => {
  if (!isKind(fault.is)) {
    context.addIssue({ code: 'custom', path: ['is'], message: `unknown fault "${fault.is}"${suggest(fault.is, Object.keys(faultKinds))}` })
    return z.NEVER
  }
  const parsed = faultKinds[fault.is].schema.safeParse(fault)
  if (parsed.success) return parsed.data
  // An issue that is reported is an issue that was raised, but for its `input`, which zod leaves out of reports.
  for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: fault } as z.core.$ZodRawIssue)
  return z.NEVER
})

export const hitsSchema: z.ZodType<Hits> = z.strictObject({
  share: z.number().min(0).max(1).exactOptional(),
  first: z.int().min(1).exactOptional(),
  every: z.int().min(1).exactOptional(),
  attempts: z.int().min(1).exactOptional(),
  routes: z.array(z.string()).min(1).exactOptional(),
  methods: z
    .array(z.string().transform((method) => method.toUpperCase()))
    .min(1)
    .exactOptional(),
})

export const activeFaultSchema: z.ZodType<ActiveFault> = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, dots, dashes or underscores' }),
  fault: requestFaultSchema,
  hits: hitsSchema.default({}),
})

function isKind(is: string): is is RequestFault['is'] {
  return Object.hasOwn(faultKinds, is)
}
