import * as z from 'zod'
import { positiveDuration } from '../../../kernel/validation.ts'

const MINUTE = 60_000
const DAY = 1440 * MINUTE

/** Settings of the copy of Firestore's documents that the gateway keeps. */
export const syncSettings = z.strictObject({
  /** The upstream that speaks Firestore's REST API. */
  upstream: z.string().default('firestore'),
  /** The collection below it, such as `/v1/projects/p/databases/(default)/documents/traces`. */
  collection: z.string().regex(/^\/[^?#]+$/, 'must be a path without a query'),
  /** From the start of one run to that of the next. A run that takes longer is let end first. */
  every: positiveDuration.default(5 * MINUTE),
  /** Documents that are asked for, and written, at once: all of them or none. */
  batch: z.int().min(1).max(300).default(50),
  /** Of several gateways on one store one does it; when it dies, another does after so long. Default: one and a half times `every`. */
  leaseFor: positiveDuration.optional(),
  /** How often old copies are looked for. */
  cleanUpEvery: positiveDuration.default(DAY),
  /** A copy that no run has seen for so long is old. */
  kept: positiveDuration.default(7 * DAY),
})

export type SyncSettings = z.output<typeof syncSettings>
