import * as z from 'zod'
import { tokenBucketSettings } from '../../../policies/limits/token-bucket.ts'

const { limit, per, burst } = tokenBucketSettings

/** What one user may have. What is absent is not limited. */
export const quotasSettings = z
  .strictObject({
    /**
     * The header that names the user. What authenticates users in front of the gateway sets it, and takes it off what clients send. Requests
     * without it are one user together: who leaves the name out gains nothing.
     */
    user: z
      .string()
      .toLowerCase()
      .regex(/^[a-z\d][a-z\d-]{0,63}$/, 'must be the name of a header')
      .default('x-user-id'),
    /** Requests to the gateway's services. `server.clientRateLimit` limits what is forwarded to upstreams. */
    api: z.strictObject({ limit, per, burst }).optional(),
    /** Operations that are processing at once. */
    operations: z.int().min(1).max(1000).optional(),
    storage: z
      .strictObject({
        /** Of all that a user keeps. */
        bytes: z.int().min(1),
        /** Things that a user keeps, whatever their size. */
        objects: z.int().min(1).default(10_000),
      })
      .optional(),
  })
  .refine(({ api, operations, storage }) => api !== undefined || operations !== undefined || storage !== undefined, {
    message: 'must limit something: api, operations or storage',
  })

export type QuotasSettings = z.output<typeof quotasSettings>
