// Compliance reporting: reports are told to customers by webhooks, with evidence from a company's own service. The gateway takes them, keeps
// them in its store, and delivers them in its own time; what fails for good becomes a dead letter, and somebody is alerted.
import { evidenceApi } from '../../fake-upstreams/evidence-api.ts'
import { webhookReceiver } from '../../fake-upstreams/webhook-receiver.ts'
import { perSecond, reference, request } from '../../src/index.ts'
import { recommendations } from './recommended/compliance-reporting.ts'
import { withRecommended } from './recommended/recommendation.ts'

const breaker = { failures: 5, recovery: '3s', recoveryGrowth: 1 } as const
const timeout = { attempt: '1s', total: '2s' } as const
// The service itself repeats a delivery, by what went wrong.
const once = { attempts: 1 } as const
const production = { timeout: { attempt: '10s', total: '20s' }, breaker: { ...breaker, recovery: '30s' }, retry: once } as const

const services = {
  webhooks: { evidence: 'evidence-api', base: '200ms', max: '1s', concurrency: 32 },
  alerts: {},
  health: { service: 'compliance-reporting' },
} as const

export const upstreams = { 'webhook-receiver': webhookReceiver, 'evidence-api': evidenceApi }

const settings = { 'webhook-receiver': { timeout, breaker, retry: once }, 'evidence-api': { timeout, breaker, retry: once }, services }

const patient = {
  'webhook-receiver': production,
  'evidence-api': production,
  services: { ...services, webhooks: { ...services.webhooks, base: '1s', max: '60s' } },
}

const recommended = withRecommended(patient, recommendations)

export const gateway = reference(settings, { production: patient, recommended })

/** The same with its work in Redis. */
const inRedis = { server: { store: { kind: 'redis' as const } } }
export const gatewayOnRedis = reference(
  { ...settings, ...inRedis },
  { production: { ...patient, ...inRedis }, recommended: { ...recommended, ...inRedis } },
)

/** A webhook that needs nothing else, and a report that is delivered with its evidence. */
const webhook = request('webhook', {
  method: 'POST',
  path: '/webhooks',
  bodies: ['acme', 'globex'].map((customer) => ({ customer, event: 'report.completed', data: { pages: 3 } })),
  weight: 3,
})
const report = request('report', {
  method: 'POST',
  path: '/webhooks',
  bodies: [1, 2, 3].map((at) => ({ customer: 'acme', event: 'report.completed', evidence: [`evidence-${at}`] })),
  weight: 1,
})

const mix = [webhook, report, evidenceApi.searchEvidence({ weight: 5 }), webhookReceiver.health({ weight: 5 })]

export const load = { rate: perSecond(200), mix }

/** No webhooks: what is asked of the two upstreams directly. */
export const searchLoad = { rate: perSecond(200), mix: mix.slice(2) }
