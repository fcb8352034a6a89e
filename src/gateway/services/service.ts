// What a service of the gateway is: an encapsulated fastify plugin, switched on by its section of the config, that calls upstreams through
// the same policies as everybody. The proxy knows of none.
//
//   services.<name> of the config ─▶ settings ─▶ plugin(app, means) ─▶ routes below its own first segments
//                                                                  └─▶ means.call(upstream, request) ─▶ policies ─▶ upstream
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type * as z from 'zod'
import type { RefusalReason } from '../../contract/refusals.ts'
import type { Clock, Ms } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { FailureReason } from '../../policies/serve.ts'
import type { UpstreamStack } from '../../policies/stack.ts'
import type { BreakerViews } from '../admin/breaker-views.ts'
import type { GatewayEvents } from '../admin/gateway-events.ts'
import type { Refusal } from '../request/refusal.ts'
import type { Store } from '../stores/store.ts'
import type { RequestCounts } from '../upstream/request-counts.ts'
import type { Users } from './users.ts'

/** One more service: its folder with its settings and its plugin, and its line in the table of services.ts. */
export interface ServiceType<Settings extends z.ZodType = z.ZodType> {
  /** Its section of the config: `services.<name>`. Absent there, the service is off. */
  settings: Settings
  /** First segments of all its addresses: no upstream may have such a name, and no route lies elsewhere. */
  segments: readonly string[]
  /** Upstreams that its settings name, by path below its section: they must be upstreams of the gateway. */
  upstreamsIn?: (settings: z.output<Settings>) => { path: string; upstream: string }[]
  /** Services that must be switched on for a setting to mean anything. */
  needs?: (settings: z.output<Settings>) => { path: string; service: string }[]
  /** Loaded when it is switched on. */
  load: () => Promise<Service<z.output<Settings>>>
}

/** Adds its routes. What it holds is let go in a hook: `app.addHook('onClose', …)`. */
export type Service<Settings> = (app: FastifyInstance, means: ServiceMeans<Settings>) => void | Promise<void>

/** What a service works with. */
export interface ServiceMeans<Settings> {
  readonly settings: Settings
  readonly clock: Clock
  /** A stream of its own. */
  readonly random: Random
  readonly log: Logger
  readonly upstreams: readonly ServiceUpstream[]
  readonly breakers: BreakerViews
  /** The stream of breaker transitions and alerts. */
  readonly events: GatewayEvents
  readonly call: CallUpstream
  /** What outlives the gateway. Opened when it is first asked for, one for all services; the gateway closes it. */
  readonly store: () => Promise<Store>
  /** Figures for /metrics, by name without the prefix `gateway_`. They are read when somebody asks. */
  readonly metrics: Map<string, ServiceMetric>
  /** The body of a request, parsed. @throws Refused when it is too large, too slow, or not what `schema` accepts */
  readonly json: <Schema extends z.ZodType>(request: FastifyRequest, schema: Schema) => Promise<z.output<Schema>>
  /** What `/health` tells of the gateway's own parts, by name. A service adds what it depends on beside upstreams. */
  readonly checks: Map<string, () => Check | Promise<Check>>
  readonly users: Users
  /** Asked before any service takes a client's request, beside the gateway's own limits; the first that refuses is heard. */
  readonly refusals: ((request: FastifyRequest) => Refusal | undefined)[]
  /** The gateway takes no more requests. */
  readonly isStopping: () => boolean
}

type Readings = { labels?: Readonly<Record<string, string>>; value: number }[]

/** A name that ends in `_total` is a counter, any other a gauge. */
export interface ServiceMetric {
  help: string
  read: () => Readings | Promise<Readings>
}

export interface ServiceUpstream {
  readonly name: string
  readonly stack: Pick<UpstreamStack<unknown>, 'policies' | 'snapshot'>
  readonly counts: RequestCounts
}

/** `unknown`: nothing watches it. */
export type Check = { status: 'healthy' | 'degraded' | 'unhealthy' | 'unknown' } & Record<string, unknown>

/** Never rejects for what an upstream does. @throws Error when there is no such upstream */
export type CallUpstream = (upstream: string, request: ServiceRequest) => Promise<ServiceReply>

export interface ServiceRequest {
  method: string
  /** Below the upstream's base URL, with its query. */
  path: string
  headers?: Readonly<Record<string, string>>
  /** Sent as JSON; absent: no body. */
  json?: unknown
  /** Joins the call with the client's request that it is made for. */
  requestId: string
  /** The call may be repeated as long as it carries the same one. Without one, only what a method promises is repeated. */
  idempotencyKey?: string
  /** Ends the call: nobody waits for it any more. */
  signal?: AbortSignal
}

export type ServiceReply =
  | {
      is: 'answered'
      /** `fallback`: not from the upstream, or from its stand-in. */
      outcome: 'ok' | 'upstream_error' | 'fallback'
      /** `none`, or why this is not the upstream's own good answer. */
      reason: FailureReason | 'none'
      status: number
      /** Names in lower case. */
      headers: Readonly<Record<string, string | string[] | undefined>>
      body: Buffer
      attempts: number
    }
  | { is: 'refused'; reason: RefusalReason; retryAfterMs: Ms; attempts: number }
  /** Its signal ended it, or the gateway stops. */
  | { is: 'given_up'; attempts: number }

/** Thrown by a handler: the client gets this refusal, in the envelope. */
export class Refused extends Error {
  readonly refusal: Refusal

  /** `cause`: for the log; no client is told of it. */
  constructor(refusal: Refusal, options?: ErrorOptions) {
    super(refusal.technical, options)
    this.refusal = refusal
  }
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Who is let in to a service's route. `clients`: everybody, within the gateway's limits for all clients; the default. `operators`: who
     * brings the admin token. `probes`: everybody, always, also while the gateway stops.
     */
    audience?: 'clients' | 'operators' | 'probes'
  }
}

/** Keeps the types of settings and plugin together. */
export function serviceType<Settings extends z.ZodType>(type: ServiceType<Settings>): ServiceType<Settings> {
  return type
}
