// A company's own evidence service: which proofs a compliance report rests on. It has a health endpoint, which is asked before a task runs.
import { type Reply, defineUpstream } from '../src/upstreams/define.ts'
import { serveAlone } from '../src/upstreams/serve-alone.ts'

// Answers depend on no clock, so every proof is of one day.
const TIME = '2026-01-05T09:00:00Z'
const controls = ['AC-2', 'AU-6', 'CM-3', 'IR-4']
const evidence = Array.from({ length: 20 }, (_, at) => ({
  id: `evidence-${at + 1}`,
  control: controls[at % controls.length]!,
  kind: at % 2 === 0 ? 'screenshot' : 'log',
  collected_at: TIME,
  sha256: `${at + 1}`.padStart(64, '0'),
}))

export const evidenceApi = defineUpstream(import.meta, {
  name: 'evidence-api',
  latency: { median: '35ms', sigma: 0.4 },
  routes: {
    getEvidence: {
      method: 'GET',
      path: '/api/v1/evidence/{id}',
      samples: { paths: evidence.map(({ id }) => `/api/v1/evidence/${id}`) },
      reply: ({ params }) => {
        const found = evidence.find(({ id }) => id === params['id'])
        return found ? { body: found } : failed(404, 'not_found', `no evidence ${params['id']}`)
      },
    },
    searchEvidence: {
      method: 'GET',
      path: '/api/v1/evidence',
      samples: { paths: controls.map((control) => `/api/v1/evidence?control=${control}`) },
      latency: { median: '70ms', sigma: 0.5 },
      reply: ({ query }) => {
        const control = query.get('control')
        const items = evidence.filter((one) => control === null || one.control === control)
        return { body: { items, total: items.length } }
      },
    },
    health: { method: 'GET', path: '/health', latency: '3ms', reply: () => ({ body: { status: 'healthy' } }) },
  },
  errorBody: (status) =>
    failureBody(status === 429 ? 'rate_limited' : status === 503 ? 'unavailable' : 'internal', 'The evidence service cannot answer now.'),
})

function failureBody(code: string, message: string) {
  return { error: { code, message } }
}

function failed(status: number, code: string, message: string): Reply {
  return { status, body: failureBody(code, message) }
}

if (import.meta.main) await serveAlone(evidenceApi)
