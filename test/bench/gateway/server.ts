// What the bench compares, each in a process of its own: the gateway with every policy on, the gateway with none but timeouts, and
// the same route as one would write it by hand with fastify and undici.
import fastify from 'fastify'
import { Pool } from 'undici'
import { checkConfig } from '../../../src/gateway/config.ts'
import { startGateway } from '../../../src/gateway/gateway.ts'
import { serveRole } from '../../../src/kernel/process/role.ts'

export interface BenchServerConfig {
  kind: 'policed' | 'bare' | 'route'
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

serveRole<BenchServerConfig, BenchServerInfo>(async ({ kind, upstream }) => {
  if (kind !== 'route') {
    const policies = kind === 'policed' ? EVERY_POLICY : {}
    const gateway = await startGateway({ config: checkConfig('bench', { upstreams: { upstream: policies } }, { upstream }) })
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
