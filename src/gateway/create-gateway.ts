// The reference gateway, whole but for its port: upstreams with their policies, the operators' addresses, and the services that are switched
// on. Whoever starts it listens.
import { METHODS } from 'node:http'
import fastify, { type FastifyInstance } from 'fastify'
import { type Logger, pino } from 'pino'
import { READY_PATH } from '../contract/paths.ts'
import { type Clock, realClock } from '../kernel/clock.ts'
import { seededRandom } from '../kernel/random.ts'
import { createStack } from '../policies/stack.ts'
import { serveAdminApi } from './admin/admin-api.ts'
import { BreakerViews } from './admin/breaker-views.ts'
import { GatewayEvents } from './admin/gateway-events.ts'
import { describeApi } from './admin/openapi.ts'
import type { KeptResponse } from './cache/kept-response.ts'
import type { GatewayConfig, UpstreamConfig } from './config.ts'
import { answerParser, createFront, type Take } from './front.ts'
import { Addresses } from './request/addresses.ts'
import { Admission } from './request/admission.ts'
import { Exchange } from './request/exchange.ts'
import { lingerAfterAnswers } from './request/linger.ts'
import { defectRefusal, newId } from './request/refusal.ts'
import { refuse } from './request/refuse.ts'
import { tellResponseTime } from './request/response-time.ts'
import { withoutQuery } from './request/target.ts'
import { mountServices } from './services/mount.ts'
import type { ServiceMetric } from './services/service.ts'
import { openStore, type StorePlace } from './stores/open-store.ts'
import type { Store } from './stores/store.ts'
import { Deadlines } from './upstream/deadlines.ts'
import { InternalToken } from './upstream/internal-token.ts'
import { type OpenConnections, openPool, Upstream } from './upstream/upstream.ts'
import { UpstreamCalls } from './upstream/upstream-calls.ts'

export interface GatewayMeans {
  /** Checked; see checkConfig and readEnvironment. */
  config: GatewayConfig
  /** Where services keep their work. Default: in memory. */
  store?: StorePlace
  clock?: Clock
  log?: Logger
  /** Makes the policies of an upstream; a gateway with a planted defect replaces it. */
  createStack?: typeof createStack<KeptResponse>
  /** Default: a pool of sockets. */
  connections?: OpenConnections
}

/** A gateway that listens nowhere yet. */
export interface CreatedGateway {
  /** Its front, and all addresses of its own. */
  readonly app: FastifyInstance
  readonly admission: Admission
  readonly upstreams: readonly Upstream[]
  readonly deadlines: Deadlines
  /** Those of services. */
  readonly ownMetrics: ReadonlyMap<string, ServiceMetric>
  /** Refuses new requests, waits for those in flight up to `server.drain`, then ends them. */
  readonly close: () => Promise<void>
}

export async function createGateway(means: GatewayMeans): Promise<CreatedGateway> {
  const { config, clock = realClock, log = pino({ enabled: false }), connections = openPool } = means
  const { server } = config
  const deadlines = new Deadlines(clock)
  const transfers = { clock, deadlines, commitBytes: server.commitBytes, streamIdle: server.streamIdle }
  const events = new GatewayEvents({ clock, kept: server.eventsKept, heartbeat: server.heartbeat })
  const random = seededRandom(config.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!)
  const makeStack = means.createStack ?? createStack<KeptResponse>

  const open = (upstream: UpstreamConfig): Upstream => {
    const stack = makeStack(upstream.name, upstream.policies, {
      clock,
      random,
      onTransition({ at, ...transition }) {
        opened.counts.transitions[transition.to]++
        log.warn(transition, 'breaker transition')
        events.tell({ t: at, ...transition })
      },
    })
    const { internalToken: secret, internalUpstreams } = server
    const token = secret !== undefined && internalUpstreams.includes(upstream.name) ? new InternalToken(secret) : undefined
    const opened = new Upstream(upstream, stack, transfers, connections, token)
    return opened
  }
  const upstreams = config.upstreams.map(open)
  for (const upstream of upstreams) {
    const { fallback } = upstream.stack.policies
    if (fallback?.kind === 'route') upstream.standIn = upstreams.find(({ name }) => name === fallback.upstream)
  }

  const admission = new Admission(clock, server, log)
  const take = (upstream: Upstream): Take => {
    return (request, response) => new Exchange(admission, upstream, request, response).enter()
  }
  const addresses = new Addresses()
  const app = await createApp(admission, addresses, new Map(upstreams.map((upstream) => [upstream.name, take(upstream)])))
  serveHealth(app, admission)
  const { adminToken, metricsPort } = server
  const breakers = new BreakerViews(upstreams, clock)
  const ownMetrics = new Map<string, ServiceMetric>()
  serveAdminApi(app, { upstreams, breakers, events, adminToken, ...(metricsPort === undefined && { ownMetrics }) })
  const calls = new UpstreamCalls(upstreams, admission)
  let kept: Promise<Store> | undefined
  const { store: place = { kind: 'sqlite', path: ':memory:' } } = means
  const store = (): Promise<Store> => (kept ??= openStore(place, { clock, random: random.stream('store') }))
  const shared = { admission, upstreams, breakers, events, calls, clock, random, log, deadlines, store, metrics: ownMetrics }
  try {
    await mountServices(app, config.services, shared)
  } catch (error) {
    await app.close()
    throw error
  }
  app.setNotFoundHandler((request, reply) => {
    const allow = addresses.methodsOf(withoutQuery(request.url))
    if (allow.length > 0) return refuse(request, reply, { reason: 'method_not_allowed', technical: `it takes ${allow.join(', ')}`, allow })
    const known = upstreams.map(({ name }) => `/${name}/`).join(', ')
    refuse(request, reply, { reason: 'not_found', technical: `no upstream or address '${request.url}'; upstreams: ${known}` })
  })

  const close = async (): Promise<void> => {
    admission.close()
    events.close()
    // Services end what they have begun: a delivery that is cut off would be made again.
    const cutOff = clock.after(server.drain, () => {
      calls.close()
      app.server.closeAllConnections()
    })
    await app.close()
    await calls.idle()
    cutOff()
    calls.close()
    await (await kept?.catch(() => undefined))?.close()
    await Promise.all(upstreams.map(({ pool }) => pool.destroy()))
    deadlines.close()
  }
  return { app, admission, upstreams, deadlines, ownMetrics, close }
}

async function createApp(admission: Admission, addresses: Addresses, upstreams: ReadonlyMap<string, Take>): Promise<FastifyInstance> {
  const app = fastify({
    genReqId: newId,
    exposeHeadRoutes: true,
    return503OnClosing: false,
    serverFactory: (others) => createFront({ upstreams, others, headTimeout: admission.settings.headTimeout }),
    clientErrorHandler: (error, socket) => answerParser(error, socket),
    frameworkErrors: (error, request, reply) => refuse(request, reply, { reason: 'bad_request', technical: error.message }),
    routerOptions: { maxParamLength: 8192 },
  })
  app.addHook('onRoute', ({ url, method }) => addresses.add(url, [method].flat()))
  await describeApi(app, [...upstreams.keys()])
  // The gateway reads bodies itself, whatever their type. fastify must neither parse nor refuse them.
  for (const method of METHODS) if (method !== 'CONNECT') app.addHttpMethod(method, { hasBody: false, overrideExisting: true })
  tellResponseTime(app, admission.clock)
  lingerAfterAnswers(app, admission.clock)
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if ((error.statusCode ?? 500) < 500) return refuse(request, reply, { reason: 'bad_request', technical: error.message })
    admission.tellDefect({ address: withoutQuery(request.url) }, request.id, error)
    refuse(request, reply, admission.stopping ? { reason: 'stopping', technical: 'the gateway is stopping' } : defectRefusal)
  })
  return app
}

// Alive: the process answers. Ready: it takes requests. Neither depends on upstreams: to restart a gateway does not repair an upstream.
function serveHealth(app: FastifyInstance, admission: Admission): void {
  const about = (summary: string) => ({ schema: { summary, tags: ['health'] } })
  app.get(READY_PATH, about('Alive: the process answers'), () => ({ status: 'alive' }))
  app.get('/readyz', about('Ready: it takes requests'), (_request, reply) => {
    if (admission.stopping) reply.code(503)
    return { status: admission.stopping ? 'stopping' : 'ready' }
  })
}
