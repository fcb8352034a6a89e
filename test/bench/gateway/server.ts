// What the bench compares, each in a process of its own: the gateway with every policy on, the same with every service too, the gateway with
// none but timeouts, and the same route as one would write it by hand with fastify and undici.
import fastify from 'fastify'
import { Pool } from 'undici'
import { checkConfig, type GatewayConfigInput, type ServicesInput } from '../../../src/gateway/config.ts'
import { startGateway } from '../../../src/gateway/gateway.ts'
import { serveRole } from '../../../src/kernel/process/role.ts'

export interface BenchServerConfig {
  kind: 'policed' | 'served' | 'bare' | 'route'
  upstream: string
}

export interface BenchServerInfo {
  url: string
}

const EVERY_POLICY = {
  timeout: { attempt: '2s', total: '10s' },
  breaker: { failures: 5, within: '10s', failureRate: { ratio: 0.5 }, slowRate: { over: '1s', ratio: 0.5 } },
  retry: { attempts: 3 },
  bulkhead: { concurrent: 500, queue: 100 },
  rateLimit: { limit: 1_000_000 },
  hedge: { after: '1s' },
  fallback: 'cached',
} as const

const EVERY_SERVICE = {
  alerts: {},
  chain: { steps: [{ name: 'ask', upstream: 'upstream', path: '/', fails: 'closed' }] },
  health: { debug: true },
  operations: {},
  quotas: { api: { limit: 1_000_000 }, operations: 100, storage: { bytes: 1_000_000 } },
  status: {},
  sync: { upstream: 'upstream', collection: '/documents' },
  webhooks: { receiver: 'upstream', evidence: 'upstream' },
} as const satisfies Required<ServicesInput>

const configs = {
  policed: { upstreams: { upstream: EVERY_POLICY } },
  served: { upstreams: { upstream: EVERY_POLICY }, services: EVERY_SERVICE },
  bare: {},
} as const satisfies Record<Exclude<BenchServerConfig['kind'], 'route'>, GatewayConfigInput>

serveRole<BenchServerConfig, BenchServerInfo>(async ({ kind, upstream }) => {
  if (kind !== 'route') {
    const gateway = await startGateway({ config: checkConfig('bench', configs[kind], { upstream }) })
    return { info: { url: `${gateway.url}/upstream/a` }, stop: () => gateway.stop() }
  }
  const app = fastify()
  const pool = new Pool(upstream)
  app.get('/upstream/*', async (request, reply) => {
    const path = request.url.slice('/upstream'.length)
    const { statusCode, headers, body } = await pool.request({ path, method: 'GET', headers: request.headers })
    return reply.code(statusCode).headers(headers).send(body)
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return { info: { url: `${url}/upstream/a` }, stop: () => app.close() }
})
