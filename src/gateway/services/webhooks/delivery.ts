// One attempt: the evidence that the webhook names is fetched, and both go to the customer's endpoint. What goes wrong is of one of three
// classes, by which it is tried again or not.
import { randomUUID } from 'node:crypto'
import { IDEMPOTENCY_KEY } from '../../../contract/headers.ts'
import type { RefusalReason } from '../../../contract/refusals.ts'
import { refusals } from '../../../contract/refusals.ts'
import { wallClock } from '../../../kernel/clock.ts'
import { retryAfterMs } from '../../../policies/retry/retry-after.ts'
import type { CallUpstream, ServiceReply } from '../service.ts'
import type { WebhooksSettings } from './settings.ts'
import type { Delivery, FailureClass, Webhook } from './webhook.ts'

/** As Standard Webhooks names it (standardwebhooks.com). */
const DELIVERY_ID = 'webhook-id'
export const CORRELATION_ID = 'x-correlation-id'

export async function deliver(webhook: Webhook, settings: WebhooksSettings, call: CallUpstream): Promise<Delivery | undefined> {
  const { reference_id, delivery_id, correlation_id, task } = webhook
  const evidence: unknown[] = []
  for (const id of task.evidence) {
    const found = await fetchEvidence(id, correlation_id, settings, call)
    if (found === undefined || 'is' in found) return found
    evidence.push(found.proof)
  }
  const reply = await call(settings.receiver, {
    method: 'POST',
    path: settings.path.replaceAll('{customer}', task.customer),
    headers: { [DELIVERY_ID]: delivery_id, [IDEMPOTENCY_KEY]: delivery_id, [CORRELATION_ID]: correlation_id },
    json: { delivery_id, reference_id, event: task.event, data: task.data ?? null, ...(evidence.length > 0 && { evidence }) },
    // Of its own: the client's request ended when the webhook was accepted.
    requestId: `webhook-${randomUUID()}`,
  })
  return outcomeOf(settings.receiver, reply)
}

async function fetchEvidence(
  id: string,
  correlation: string,
  { evidence = '' }: WebhooksSettings,
  call: CallUpstream,
): Promise<{ proof: unknown } | Delivery | undefined> {
  const reply = await call(evidence, {
    method: 'GET',
    path: `/api/v1/evidence/${id}`,
    headers: { [CORRELATION_ID]: correlation },
    requestId: `webhook-${randomUUID()}`,
  })
  const outcome = outcomeOf(evidence, reply)
  if (outcome?.is !== 'delivered' || reply.is !== 'answered') return outcome
  try {
    return { proof: JSON.parse(reply.body.toString()) }
  } catch {
    return failed('unexpected', `${evidence} answered no JSON for ${id}`)
  }
}

/** What an upstream's reply means for the webhook. Undefined: the gateway stops, and nobody knows. */
export function outcomeOf(upstream: string, reply: ServiceReply): Delivery | undefined {
  if (reply.is === 'given_up') return undefined
  if (reply.is === 'refused') {
    const { reason, attempts, retryAfterMs: wait } = reply
    // A policy that held it back before its first attempt: the upstream has not been asked.
    if (attempts === 0 && refusals[reason].by !== 'upstream') return { is: 'held', reason: `${upstream}: ${reason}`, retryAfterMs: wait }
    return failed(classOfRefusal(reason), `${upstream}: ${reason}`, wait)
  }
  const { status, headers, outcome } = reply
  // Whoever else answered, the receiver has not got it.
  if (outcome === 'fallback') return failed('network', `${upstream}: a fallback answered in its place`)
  if (status >= 200 && status < 300) return { is: 'delivered' }
  const asked = retryAfterMs(String(headers['retry-after'] ?? ''), wallClock) ?? 0
  return failed(classOfStatus(status), `${upstream}: status ${status}`, asked)
}

function classOfRefusal(reason: RefusalReason): FailureClass {
  return refusals[reason].outcome === 'refused' ? 'unexpected' : 'network'
}

/** 408, 425 and 429 ask to come again; all other 4xx say that the delivery itself is wrong. */
function classOfStatus(status: number): FailureClass {
  if (status >= 500 || status === 408 || status === 425 || status === 429) return 'network'
  return status >= 400 ? 'validation' : 'unexpected'
}

function failed(of: FailureClass, reason: string, wait = 0): Delivery {
  return { is: 'failed', class: of, reason, retryAfterMs: wait }
}
