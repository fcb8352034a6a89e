// Webhooks, their dead letters, and alerts.
import { type Created, type Script } from './created.ts'
import { unavailable, type Rows, time, uuid, chatOnce, conflict, refused, missing, afterOutage } from './row.ts'
const report = { customer: 'acme', event: 'report.completed', reference_id: 'report-1', data: { pages: 3 } }
const webhook = {
  reference_id: 'report-1',
  delivery_id: uuid,
  correlation_id: 'c-7',
  status: 'pending',
  attempts: 0,
  customer: 'acme',
  event: 'report.completed',
  accepted_at: time,
  updated_at: time,
  next_attempt_at: null,
}
const accept = (at: Created) => at.ask('/webhooks', { method: 'POST', body: report, headers: { 'x-correlation-id': 'c-7' } })
const settle = async (at: Created) => {
  await accept(at)
  await at.pass()
}
const refusing: Script = (upstream) => (upstream === 'webhook-receiver' ? [422] : [200])
const delivered = { ...webhook, status: 'delivered', attempts: 1 }
const dead = { ...webhook, status: 'failed', attempts: 1, last_error: { class: 'validation', reason: 'webhook-receiver: status 422' } }

export const webhookRows: Rows = {
  'POST /webhooks': {
    'a new one': { body: report, headers: { 'x-correlation-id': 'c-7' }, status: 202, json: webhook },
    'the same again': { before: settle, body: report, status: 200, json: delivered },
    'another under its reference': {
      before: settle,
      body: { ...report, event: 'report.failed' },
      ...conflict('report-1 is the reference of another webhook'),
    },
    'a dependency is down': {
      script: (upstream) => (upstream === 'evidence-api' ? [503] : [200]),
      body: { ...report, evidence: ['e-1'] },
      ...refused(503, 'dependency_down', 'dependency_unavailable', unavailable, 'evidence-api: status 503', true, 'rejected'),
    },
  },
  'GET /webhooks': { 'one of them': { before: settle, status: 200, json: { webhooks: [delivered], next: null } } },
  'GET /webhooks/{reference}': {
    'it was delivered': { before: settle, path: '/webhooks/report-1', status: 200, json: delivered },
    'it is tried again': {
      script: () => [503],
      before: settle,
      path: '/webhooks/report-1',
      status: 200,
      json: {
        ...webhook,
        status: 'retrying',
        attempts: 1,
        last_error: { class: 'network', reason: 'webhook-receiver: status 503' },
        next_attempt_at: time,
      },
    },
    'it failed for good': { script: refusing, before: settle, path: '/webhooks/report-1', status: 200, json: dead },
    'it is not there': { path: '/webhooks/constructor', ...missing('no webhook constructor; statuses expire') },
  },
  'GET /webhooks/dead-letters': {
    'one of them': {
      script: refusing,
      before: settle,
      status: 200,
      json: {
        dead_letters: [{ ...dead, task: { customer: 'acme', event: 'report.completed', evidence: [], data: { pages: 3 } } }],
        next: null,
      },
    },
  },
  'POST /webhooks/dead-letters/replay': { 'one of them': { script: refusing, before: settle, status: 202, json: { replayed: 1 } } },
  'POST /webhooks/dead-letters/{reference}/replay': {
    'it is there': { script: refusing, before: settle, path: '/webhooks/dead-letters/report-1/replay', status: 202, json: { replayed: 1 } },
    'it is not': { path: '/webhooks/dead-letters/__proto__/replay', ...missing('no dead letter __proto__') },
  },
  'POST /webhook-cleanup': { 'one is over': { before: settle, status: 200, json: { removed: 1 } } },
  'GET /alerts': {
    'none is on': { status: 200, json: { alerts: [] } },
    'a breaker is open': {
      ...afterOutage,
      before: async (at) => {
        await chatOnce(at)
        await at.pass(300)
      },
      status: 200,
      json: { alerts: [{ rule: 'breaker_open', severity: 'critical', subject: 'chroma', since: time }] },
    },
  },
}
