// A customer's webhook endpoint: it takes deliveries, says so with 202, and can be asked what it has. A delivery that comes twice is counted, not
// taken twice: the id is in `webhook-id`, as Standard Webhooks has it (standardwebhooks.com), or in the body's `delivery_id`.
import { BoundedMap } from '../src/upstreams/bounded-map.ts'
import { type Reply, type UpstreamRequest, defineUpstream } from '../src/upstreams/define.ts'
import { serveAlone } from '../src/upstreams/serve-alone.ts'

interface Delivery {
  id: string
  reference: string
  correlation: string | null
  /** How often it came. */
  times: number
}

/** Deliveries by id. */
type Memory = BoundedMap<Delivery>

const LEDGER = 100_000
const jsonHeaders = { 'content-type': 'application/json' }
const reports = Array.from({ length: 20 }, (_, at) => ({ event: 'report.completed', reference_id: `report-${at + 1}`, status: 'done' }))

export const webhookReceiver = defineUpstream(import.meta, {
  name: 'webhook-receiver',
  latency: { median: '30ms', sigma: 0.4 },
  state: (): Memory => new BoundedMap([], LEDGER),
  routes: {
    deliver: {
      method: 'POST',
      path: '/webhooks/{customer}',
      samples: { paths: ['/webhooks/acme', '/webhooks/globex'], bodies: reports, headers: jsonHeaders },
      reply: (request, memory) => {
        const body = request.json()
        if (typeof body !== 'object' || body === null || Array.isArray(body)) return failed(400, 'the body must be a JSON object')
        const { delivery_id: written, reference_id: reference } = body as Record<string, unknown>
        const id = header(request, 'webhook-id') ?? (typeof written === 'string' ? written : request.random.next().toString(36).slice(2))
        const known = memory.get(id)
        const delivery = known ?? {
          id,
          reference: typeof reference === 'string' ? reference : '',
          correlation: header(request, 'x-correlation-id'),
          times: 0,
        }
        delivery.times++
        if (!known) memory.set(id, delivery)
        return { status: 202, body: { received: true, id, duplicate: delivery.times > 1 } }
      },
    },
    listDeliveries: {
      method: 'GET',
      path: '/deliveries',
      samples: { paths: ['/deliveries?limit=10', '/deliveries?reference_id=report-1'] },
      latency: '5ms',
      reply: ({ query }, memory) => {
        const limit = Math.min(LEDGER, Math.max(1, Math.trunc(Number(query.get('limit'))) || 1_000))
        const wanted = query.get('reference_id')
        const all = [...memory.values()].filter(({ reference }) => wanted === null || reference === wanted)
        return { body: { total: all.length, duplicates: all.filter(({ times }) => times > 1).length, deliveries: all.slice(-limit) } }
      },
    },
    health: { method: 'GET', path: '/health', latency: '2ms', reply: () => ({ body: { status: 'healthy' } }) },
  },
  errorBody: (status) => ({
    error: status === 429 ? 'slow down' : status === 410 ? 'this endpoint is gone' : 'could not take the delivery',
  }),
})

function header({ headers }: UpstreamRequest, name: string): string | null {
  const value = headers[name]
  return typeof value === 'string' && value !== '' ? value : null
}

function failed(status: number, error: string): Reply {
  return { status, body: { error } }
}

if (import.meta.main) await serveAlone(webhookReceiver)
