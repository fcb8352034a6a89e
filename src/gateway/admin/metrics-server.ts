// Metrics on a port of their own, so that they can be scraped where clients are not let in.
import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import type { Clock } from '../../kernel/clock.ts'
import type { ServiceMetric } from '../services/service.ts'
import type { Upstream } from '../upstream/upstream.ts'
import { refuse } from '../request/refuse.ts'
import { tellResponseTime } from '../request/response-time.ts'
import { METRICS_PATH, metricsText } from './metrics.ts'
import { operatorsOnly } from './operators.ts'

export interface MetricsServer {
  readonly port: number
  close(): Promise<void>
}

export interface MetricsServerOptions {
  port: number
  host: string
  clock: Clock
  upstreams: readonly Upstream[]
  adminToken: string | undefined
  /** Those of services. */
  ownMetrics: ReadonlyMap<string, ServiceMetric>
}

/** @throws the error of `listen` when the port cannot be had */
export async function serveMetrics({ port, host, clock, upstreams, adminToken, ownMetrics }: MetricsServerOptions): Promise<MetricsServer> {
  const app = fastify()
  tellResponseTime(app, clock)
  app.get(METRICS_PATH, { onRequest: operatorsOnly(adminToken) }, async (_request, reply) => {
    const { contentType, text } = await metricsText(upstreams, ownMetrics)
    return reply.type(contentType).send(text)
  })
  app.setNotFoundHandler((request, reply) => {
    refuse(request, reply, { reason: 'not_found', technical: `only ${METRICS_PATH} is served on this port` })
  })
  await app.listen({ port, host })
  // A TCP listener has a port, not a path.
  const { port: bound } = app.server.address() as AddressInfo
  return { port: bound, close: () => app.close() }
}
