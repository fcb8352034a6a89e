// A webhook as it is kept, and how one attempt changes it. Pure: time and chance are parameters.
//
//   pending ─▶ retrying ─▶ … ─▶ delivered
//      └──────────┴──────────▶ failed, with a dead letter
import * as z from 'zod'
import type { Ms } from '../../../kernel/clock.ts'
import type { Random } from '../../../kernel/random.ts'
import { backoffDelay } from '../../../policies/retry/backoff.ts'
import type { WebhooksSettings } from './settings.ts'

/** Many of them wait at once. */
const LONGEST_TASK = 64 * 1024

/** What a client asks for. */
const taskFields = z.strictObject({
  /** Whose endpoint. */
  customer: z.string().regex(/^[\w-]{1,64}$/, 'must be of at most 64 letters, digits, "_" and "-"'),
  /** What has happened, such as `report.completed`. */
  event: z.string().regex(/^[\w.-]{1,100}$/, 'must be of at most 100 letters, digits, ".", "_" and "-"'),
  /** The client's own name for it, under which its status is asked for. Default: the request's id. */
  reference_id: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'must be of at most 200 printable ASCII characters without spaces')
    .optional(),
  /** Proofs that are delivered with it. */
  evidence: z
    .array(z.string().regex(/^[\w.-]{1,64}$/, 'must be of at most 64 letters, digits, ".", "_" and "-"'))
    .max(20)
    .default([]),
  /** Delivered as it is. */
  data: z.unknown().optional(),
})

export const webhookTask = taskFields.refine(
  (task) => JSON.stringify(task).length <= LONGEST_TASK,
  `must be of at most ${LONGEST_TASK} characters as JSON`,
)

export type WebhookTask = z.output<typeof webhookTask>

export const failureClasses = ['validation', 'network', 'unexpected'] as const
export type FailureClass = (typeof failureClasses)[number]

const failure = z.strictObject({ class: z.enum(failureClasses), reason: z.string() })

export const webhook = z.strictObject({
  reference_id: z.string(),
  /** The same at each attempt: by it a receiver knows what it has already. */
  delivery_id: z.string(),
  /** Joins the client's request, the log, the deliveries and the dead letter. */
  correlation_id: z.string(),
  status: z.enum(['pending', 'retrying', 'delivered', 'failed']),
  /** How often it reached for the receiver. */
  attempts: z.int(),
  /** Milliseconds since 1970. */
  accepted_at: z.number(),
  updated_at: z.number(),
  next_attempt_at: z.number().optional(),
  last_error: failure.optional(),
  task: taskFields,
})

export type Webhook = z.output<typeof webhook>

/** What came of one attempt. */
export type Delivery =
  | { is: 'delivered' }
  | { is: 'failed'; class: FailureClass; reason: string; retryAfterMs: Ms }
  /** A policy held it back: the receiver was not asked. */
  | { is: 'held'; reason: string; retryAfterMs: Ms }

export function afterAttempt(before: Webhook, delivery: Delivery, settings: WebhooksSettings, now: Ms, random: Random): Webhook {
  const { next_attempt_at: _due, ...rest } = before
  if (delivery.is === 'delivered') return { ...rest, status: 'delivered', attempts: before.attempts + 1, updated_at: now }
  const soonest = Math.max(delivery.retryAfterMs, waitAfter(before.attempts + 1, settings, random))
  if (delivery.is === 'held') {
    const last_error = { class: 'network' as const, reason: delivery.reason }
    if (now + soonest > before.accepted_at + settings.giveUpAfter) return { ...rest, status: 'failed', updated_at: now, last_error }
    return { ...rest, updated_at: now, last_error, next_attempt_at: now + soonest }
  }
  const attempts = before.attempts + 1
  const last_error = { class: delivery.class, reason: delivery.reason }
  const mostRetries = delivery.class === 'validation' ? 0 : settings.retries[delivery.class]
  if (attempts > mostRetries) return { ...rest, status: 'failed', attempts, updated_at: now, last_error }
  return { ...rest, status: 'retrying', attempts, updated_at: now, last_error, next_attempt_at: now + soonest }
}

function waitAfter(attempts: number, { base, max }: WebhooksSettings, random: Random): Ms {
  return backoffDelay({ backoff: 'exponential', base, growth: 2, max, jitter: 'equal' }, attempts, 0, random)
}

/** What clients see: what is delivered, and the times as people read them. */
export function webhookView({ task, accepted_at, updated_at, next_attempt_at, ...rest }: Webhook) {
  return {
    ...rest,
    customer: task.customer,
    event: task.event,
    accepted_at: new Date(accepted_at).toISOString(),
    updated_at: new Date(updated_at).toISOString(),
    next_attempt_at: next_attempt_at === undefined ? null : new Date(next_attempt_at).toISOString(),
  }
}
