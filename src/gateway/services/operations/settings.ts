import * as z from 'zod'
import { positiveDuration } from '../../../kernel/validation.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Settings of long operations, such as an episode that is being made. */
export const operationsSettings = z.strictObject({
  /** One that processes for longer is stuck, and marked as an error. `STUCK_EPISODE_THRESHOLD_HOURS` overrides it. */
  stuckAfter: positiveDuration.default(2 * HOUR),
  /** How often stuck ones are looked for. */
  every: positiveDuration.default(60_000),
  /** How often a stuck one is tried again without a hand, at the look after the one that found it. */
  retries: z.int().min(0).max(100).default(0),
  /** What the gateway itself does for an operation: it asks an upstream. Absent: workers elsewhere do it, and tell how it goes. */
  work: z
    .strictObject({
      /** Whom it asks. */
      upstream: z.string(),
      /** How it asks. */
      method: z.enum(['POST', 'PUT', 'PATCH']).default('POST'),
      /** Below the upstream's base URL. */
      path: z.string().startsWith('/'),
      /** Sent as JSON; absent: no body. */
      body: z.json().optional(),
      /** Operations under way; more are refused. */
      atOnce: z.int().min(1).default(1000),
    })
    .optional(),
  /** How long one that is over is kept. */
  kept: positiveDuration.default(7 * DAY),
})

export type OperationsSettings = z.output<typeof operationsSettings>
