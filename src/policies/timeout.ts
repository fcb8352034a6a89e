// The two timeouts of a call. They cannot be switched off.
import * as z from 'zod'
import { positiveDuration } from '../kernel/validation.ts'

export const timeoutSettings = z.strictObject({
  /** Covers one attempt. */
  attempt: positiveDuration.default(2000),
  /** Covers queueing, backoff and all attempts. */
  total: positiveDuration.default(10_000),
})
