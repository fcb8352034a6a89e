// The admin API for operators: breakers, their events and their reset, metrics. Without a token it answers to this machine only.
//
//   GET  /api/v1/resilience/circuit-breakers[/{name}]    GET /api/v1/resilience/health    GET /api/v1/resilience/summary
//   POST /api/v1/resilience/circuit-breakers/{name}/reset
//   GET  /api/v1/resilience/events                       GET /metrics
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { marks } from '../../contract/headers.ts'
import { EVENTS_PATH } from '../../contract/paths.ts'
import { eventStreamHead } from '../../kernel/sse.ts'
import { refuse } from '../request/refuse.ts'
import type { ServiceMetric } from '../services/service.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { BreakerViews } from './breaker-views.ts'
import type { GatewayEvents } from './gateway-events.ts'
import { METRICS_PATH, metricsText } from './metrics.ts'
import { operatorsOnly } from './operators.ts'

export interface AdminApiOptions {
  upstreams: readonly Upstream[]
  breakers: BreakerViews
  events: GatewayEvents
  adminToken: string | undefined
  /** Those of services. Absent: metrics are not among these addresses. */
  ownMetrics?: ReadonlyMap<string, ServiceMetric>
}

interface Named {
  Params: { name: string }
}

export function serveAdminApi(app: FastifyInstance, { upstreams, breakers, events, adminToken, ownMetrics }: AdminApiOptions): void {
  const unknown = (request: FastifyRequest<Named>, reply: FastifyReply): void => {
    const known = [...breakers.snapshots().keys()].join(', ') || 'none'
    refuse(request, reply, { reason: 'not_found', technical: `no circuit breaker '${request.params.name}'; known: ${known}` })
  }
  const onRequest = operatorsOnly(adminToken)
  const about = (summary: string) => ({ onRequest, schema: { summary, tags: ['operators'], security: [{ operator: [] }] } })
  const root = '/api/v1/resilience'

  app.get(`${root}/circuit-breakers`, about('All breakers, by name'), () => breakers.all())
  app.get<Named>(`${root}/circuit-breakers/:name`, about('One breaker'), (request, reply) => {
    return breakers.one(request.params.name) ?? unknown(request, reply)
  })
  app.post<Named>(`${root}/circuit-breakers/:name/reset`, about('Closes a breaker by hand'), (request, reply) => {
    const upstream = upstreams.find(({ name }) => name === request.params.name)
    upstream?.stack.reset()
    return breakers.one(request.params.name) ?? unknown(request, reply)
  })
  app.get(`${root}/health`, about('How many breakers are open, and what that means'), () => breakers.health())
  app.get(`${root}/summary`, about('The health of each breaker in percent'), () => breakers.summary())
  app.get<{ Querystring: { from?: string } }>(
    EVENTS_PATH,
    about('Breaker transitions as server-sent events; from=n repeats those after number n'),
    (request, reply) => {
      const from = request.headers['last-event-id'] ?? request.query.from
      const seen = from === undefined ? undefined : Number(from)
      if (seen !== undefined && !(Number.isInteger(seen) && seen >= 0)) {
        return refuse(request, reply, { reason: 'bad_request', technical: `from must be a sequence number, got "${String(from)}"` })
      }
      // A stream has no end to wait for: its head leaves at once.
      reply.raw.setHeader(marks.responseTime, '0.0ms')
      reply.hijack()
      if (request.method === 'HEAD') return void reply.raw.writeHead(200, eventStreamHead).end()
      events.serve(reply.raw, seen)
    },
  )
  if (!ownMetrics) return
  app.get(METRICS_PATH, about('Prometheus metrics'), async (_request, reply) => {
    const { contentType, text } = await metricsText(upstreams, ownMetrics)
    return reply.type(contentType).send(text)
  })
}
