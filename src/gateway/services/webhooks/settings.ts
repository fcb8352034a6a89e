import * as z from 'zod'
import { duration, positiveDuration } from '../../../kernel/validation.ts'

const DAY = 86_400_000

/** Settings of the webhooks that the gateway delivers. */
export const webhooksSettings = z
  .strictObject({
    /** The upstream that deliveries go to. Let it have no retries of its own: the service repeats. */
    receiver: z.string().default('webhook-receiver'),
    /** Where below it; `{customer}` is the customer's name. */
    path: z.string().startsWith('/').default('/webhooks/{customer}'),
    /** The upstream that a report's evidence comes from. Without one, a task that names evidence is refused. */
    evidence: z.string().optional(),
    /** Where that upstream tells of its health. It is asked before a task that needs it is accepted. */
    evidenceHealth: z.string().startsWith('/').default('/health'),
    /** How long an answer about its health counts. */
    healthFor: duration.default(1000),
    /** How often a delivery is repeated, by what went wrong last. What the receiver refuses as wrong is never repeated. */
    retries: z
      .strictObject({
        /** No answer, a late one, or an error of the receiver. */
        network: z.int().min(0).max(3).default(3),
        /** Anything else, such as a redirect, or an error of our own. */
        unexpected: z.int().min(0).max(3).default(1),
      })
      .prefault({}),
    /** The first wait before a repetition. Each is twice the one before, and half of it is drawn by chance. */
    base: positiveDuration.default(1000),
    /** The longest wait before a repetition. */
    max: positiveDuration.default(60_000),
    /** A webhook that cannot even be tried, as behind an open breaker, waits for so long. */
    giveUpAfter: positiveDuration.default(DAY),
    /** How long a status is kept, by where the webhook stands. */
    kept: z
      .strictObject({
        /** What the receiver has taken. */
        delivered: positiveDuration.default(30 * 60_000),
        /** What is not repeated any more. */
        failed: positiveDuration.default(7 * DAY),
        /** What waits, or is under way. */
        pending: positiveDuration.default(7 * DAY),
      })
      .prefault({}),
    /** Deliveries under way at once. */
    concurrency: z.int().min(1).default(16),
    /** Webhooks that wait; more are refused. */
    pendingAtMost: z.int().min(1).max(1_000_000).default(10_000),
  })
  .refine(({ giveUpAfter, kept }) => giveUpAfter < kept.pending, {
    path: ['giveUpAfter'],
    message: 'must be below kept.pending: what waits would be forgotten before it is given up',
  })
  .refine(({ base, max }) => max >= base, { path: ['max'], message: 'must not be below `base`' })

export type WebhooksSettings = z.output<typeof webhooksSettings>
