// Puts the services that are switched on beside the proxy, each in a scope of its own: its routes lie below its segments, let in whom they
// are for, and answer in the envelope when they refuse.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Clock } from '../../kernel/clock.ts'
import type { Problem } from '../../kernel/errors.ts'
import type { Random } from '../../kernel/random.ts'
import { check } from '../../kernel/validation.ts'
import type { BreakerViews } from '../admin/breaker-views.ts'
import type { GatewayEvents } from '../admin/gateway-events.ts'
import { operatorsOnly } from '../admin/operators.ts'
import type { Admission } from '../request/admission.ts'
import { pseudonym } from '../request/forwarding.ts'
import { readBody } from '../request/read-body.ts'
import type { Refusal } from '../request/refusal.ts'
import { refuse, requestIdOf } from '../request/refuse.ts'
import { elapsed } from '../request/response-time.ts'
import type { Store } from '../stores/store.ts'
import type { Deadlines } from '../upstream/deadlines.ts'
import type { UpstreamCalls } from '../upstream/upstream-calls.ts'
import { type Check, Refused, type ServiceMeans, type ServiceMetric, type ServiceType, type ServiceUpstream } from './service.ts'
import { type ServiceName, type Services, serviceTypes } from './services.ts'
import { anybody } from './users.ts'

export interface MountOptions {
  admission: Admission
  upstreams: readonly ServiceUpstream[]
  breakers: BreakerViews
  events: GatewayEvents
  calls: UpstreamCalls
  clock: Clock
  random: Random
  log: Logger
  deadlines: Deadlines
  store: () => Promise<Store>
  metrics: Map<string, ServiceMetric>
}

/** A service's request is a small document. */
const MOST_BYTES = 1024 * 1024
/** Problems of one body. */
const MOST_TOLD = 5

export async function mountServices(app: FastifyInstance, services: Services, options: MountOptions): Promise<void> {
  const { admission, upstreams, breakers, events, calls, clock, random, log, deadlines, store, metrics } = options
  const refusals: ServiceMeans<unknown>['refusals'] = []
  const shared = {
    clock,
    upstreams,
    breakers,
    events,
    call: calls.call.bind(calls),
    json: jsonReader(admission, deadlines),
    checks: new Map<string, () => Check | Promise<Check>>(),
    store,
    metrics,
    users: anybody(),
    refusals,
    isStopping: () => admission.stopping,
  } satisfies Partial<ServiceMeans<unknown>>
  for (const [name, settings] of Object.entries(services)) {
    const { load, segments }: ServiceType = serviceTypes[name as ServiceName] // checked by the schema
    const service = await load()
    await app.register(async (scope) => {
      guard(scope, segments, admission, refusals, log)
      await service(scope, { ...shared, settings, random: random.stream(`service ${name}`), log: log.child({ service: name }) })
    })
  }
  if (shared.checks.size > 0) metrics.set('part_state', partState(shared.checks))
}

const STATE_VALUE = { healthy: 0, degraded: 1, unhealthy: 2 } as const

function partState(checks: ServiceMeans<unknown>['checks']): ServiceMetric {
  const read = async () => {
    const looked = await Promise.all([...checks].map(async ([part, look]) => ({ part, status: (await look()).status })))
    return looked.flatMap(({ part, status }) => (status === 'unknown' ? [] : [{ labels: { part }, value: STATE_VALUE[status] }]))
  }
  return { help: 'Parts of the gateway itself: 0 healthy, 1 degraded, 2 unhealthy; one that nobody has looked at is not there', read }
}

function guard(
  scope: FastifyInstance,
  segments: readonly string[],
  admission: Admission,
  refusals: ServiceMeans<unknown>['refusals'],
  log: Logger,
): void {
  scope.addHook('onRoute', ({ url }) => {
    if (!segments.includes(url.split('/')[1]!)) throw new Error(`the address ${url} is not below ${segments.join(', ')}`)
  })
  const operators = operatorsOnly(admission.settings.adminToken)
  scope.addHook('onRequest', (request, reply, next) => {
    const { audience = 'clients' } = request.routeOptions.config
    if (audience === 'probes') return next()
    if (audience === 'operators') return operators(request, reply, next)
    const refusal = loops(request) ?? admission.refusal(request.raw) ?? firstOf(refusals, request)
    if (refusal) return refuse(request, reply, refusal)
    admission.inFlight++
    reply.raw.once('close', () => {
      admission.inFlight--
      admission.tellSlow(
        { address: request.routeOptions.url, request: requestIdOf(request), status: reply.statusCode },
        elapsed(request, admission.clock),
      )
    })
    next()
  })
  // Who waits to be asked for a body is asked once nothing speaks against the request.
  scope.addHook('preHandler', ({ headers, raw }, reply, next) => {
    if (headers.expect !== undefined && raw.httpVersion === '1.1') reply.raw.writeContinue()
    next()
  })
  scope.setErrorHandler((error: Error, request, reply) => {
    if (!(error instanceof Refused)) throw error
    if (error.cause !== undefined) log.warn({ err: error.cause, reason: error.refusal.reason }, 'a request of a service was refused')
    return refuse(request, reply, error.refusal)
  })
}

function firstOf(refusals: ServiceMeans<unknown>['refusals'], request: FastifyRequest): Refusal | undefined {
  for (const refusalOf of refusals) {
    const refusal = refusalOf(request)
    if (refusal) return refusal
  }
  return undefined
}

function loops({ headers: { via } }: FastifyRequest): Refusal | undefined {
  if (!via?.includes(pseudonym)) return undefined
  return { reason: 'loop', technical: 'its Via header names this gateway: an upstream leads back here' }
}

function jsonReader({ settings, bodies: room, clock }: Admission, deadlines: Deadlines): ServiceMeans<unknown>['json'] {
  const maxBytes = Math.min(MOST_BYTES, settings.maxRequestBytes)
  const limits = { maxBytes, room, timeout: settings.bodyTimeout, deadlines, clock }
  const read = ({ raw }: FastifyRequest): Promise<string> =>
    new Promise((resolve, reject) => {
      const refused = (refusal: Refusal): void => reject(new Refused(refusal))
      if (raw.headers['content-encoding'] !== undefined)
        return refused({ reason: 'unsupported_coding', technical: 'this address takes JSON that is not compressed' })
      readBody(raw, limits, (body) => {
        if (body.is === 'whole') {
          room.bytes -= body.body?.length ?? 0
          resolve(body.body?.toString() ?? '')
        } else if (body.is === 'too_large')
          refused({
            reason: 'request_too_large',
            technical: `the limit is ${maxBytes} bytes`,
            detail: `At most ${maxBytes} bytes are accepted.`,
          })
        else if (body.is === 'no_room') refused({ reason: 'in_flight_cap', technical: 'the bodies of all requests take what they may' })
        else refused({ reason: 'request_timeout', technical: 'the body did not arrive in time' })
      })
    })
  return async (request, schema) => {
    const problems: Problem[] = []
    const parsed = check(schema, parsedJson(await read(request)), '', problems)
    if (problems.length > 0) throw new Refused({ reason: 'bad_request', technical: problemText(problems) })
    return parsed! // no problem was found
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text)
  } catch (cause) {
    throw new Refused({ reason: 'bad_request', technical: `the body is no JSON: ${(cause as Error).message}` })
  }
}

function problemText(problems: readonly Problem[]): string {
  const told = problems.slice(0, MOST_TOLD).map(({ path, message }) => `${path} ${message}`)
  return `the body: ${told.join('; ')}${problems.length > MOST_TOLD ? '; …' : ''}`
}
