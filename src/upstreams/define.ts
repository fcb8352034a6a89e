// A fake upstream as a value: its routes are data, its answers are functions. A scenario's load is written with one function per route.
import { type IncomingHttpHeaders, STATUS_CODES } from 'node:http'
import type { Ms } from '../kernel/clock.ts'
import { type Duration, parseDuration } from '../kernel/duration.ts'
import type { DefiningModule } from '../kernel/modules/find-export.ts'
import type { Random } from '../kernel/random.ts'
import type { Identity, PlannedRoute } from '../plan/plan.ts'
import type { BodyHas } from './body-has.ts'
import { compilePath } from './compile-path.ts'
import type { Latency, LatencyInput } from '../faults/latency.ts'
import type { Capacity } from './answering/worker-pool.ts'
import { checkDefinition, checkLoadOptions } from './check-definition.ts'

/** A request as a route sees it. */
export interface UpstreamRequest {
  method: string
  /** As it was sent, without the query. */
  path: string
  /** Values of `{name}` in the route's path, decoded. */
  params: Record<string, string>
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: Buffer
  /** The body as JSON; undefined when it is empty or does not parse. */
  json(): unknown
  /** Random numbers of this request alone: the same for the same seed and ordinal. */
  random: Random
}

export interface Reply {
  /** Default 200. */
  status?: number
  /** Names in lower case. */
  headers?: Record<string, string>
  /** A string, bytes or `WrittenJson` go out as they are, anything else goes out as JSON. Absent: no body. */
  body?: unknown
  /** In place of `body`: pieces sent one after the other without a Content-Length, `intervalMs` apart. */
  stream?: { pieces: string[]; intervalMs: Ms }
  /**
   * This reply has done something that may be done once for each request, such as booking a cost: what it was done for, mostly the request's
   * `x-request-id`; null where the request does not say. A repeat that was recognised and changed nothing leaves it out.
   */
  effect?: string | null
}

export interface RouteDefinition<State> {
  /** In capitals, such as `GET`. HEAD is answered as GET is. */
  method: string
  /** `/v1/things/{id}:verb`; a name matches up to the next `/`, or up to what follows it. */
  path: string
  /** Only requests whose JSON body has these values at its top, such as `{ stream: true }`. Put it before the route that takes the others. */
  bodyHas?: BodyHas
  /**
   * What a load generator asks: one of each, by a seeded draw. A `path` with names in it needs sample paths. Bodies are sent as the content
   * type of `headers` says: JSON where there is none, a form, else a text as it is.
   */
  samples?: { paths?: string[]; bodies?: unknown[]; headers?: Record<string, string> }
  /** Default: the upstream's. */
  latency?: LatencyInput | Latency
  /** Deterministic: the reply depends on the request, its `random` and the state alone. */
  reply(request: UpstreamRequest, state: State): Reply
}

export interface UpstreamDefinition<Names extends string, State> {
  /** As in URLs: lower case, digits and dashes. The module exports it in camelCase. */
  name: string
  /** Healthy time from arrival to answer: `'200ms'`, `{ median: '60ms', sigma: 0.3 }` or `{ min: '1s', max: '3s' }`, as in faults. */
  latency: LatencyInput | Latency
  /** How many requests the service works on at once, and how many may wait. Absent: as many as come. */
  capacity?: Capacity
  /** What the service remembers. Each server gets a state of its own. */
  state?: () => State
  routes: Record<Names, RouteDefinition<State>>
  /** The service's own failure shape, sent as JSON. Default: `{"error": "Service Unavailable"}`, by status. */
  errorBody?: (status: number) => unknown
  /** What the service says of its failures in headers, by status, such as how much of a limit is left. */
  errorHeaders?: (status: number) => Record<string, string>
}

/** One route as data. */
export interface UpstreamRoute {
  name: string
  method: string
  path: string
  bodyHas?: BodyHas
  latency: Latency
  samples: { paths: string[]; bodies: unknown[]; headers: Record<string, string> }
}

export interface Upstream {
  readonly name: string
  /** The file that defines it, absolute, and the name that it is exported by. Another process finds it by these. */
  readonly module: string
  readonly export: string
  readonly latency: Latency
  readonly capacity?: Capacity
  readonly routes: Readonly<Record<string, UpstreamRoute>>
  errorBody(status: number): unknown
  errorHeaders(status: number): Record<string, string>
  /** No reply depends on an earlier one: it has no state. */
  readonly isForgetful: boolean
  /** Returns a new instance with a state of its own. It answers requests for one of `routes`. */
  open(): (route: string, request: UpstreamRequest) => Reply
}

/** How a route takes part in a scenario's load. */
export interface LoadOptions {
  /** Relative to the other routes of the mix. Default 1. */
  weight?: number
  /** Names of phases. Absent: all. */
  during?: string[]
  /** Sends an `idempotency-key` of its own with each request, so that it may be repeated safely. */
  idempotencyKey?: boolean
  /** Statuses from 400 on that count as ok, such as a 404 that is asked for on purpose. */
  expectedStatuses?: number[]
  headers?: Record<string, string>
  /** Its address at the gateway, with the names of the route's own path; default: the upstream's name and the route's path. */
  at?: string
  /** Who asks, one of them by a seeded draw; each is told from the others by its headers. */
  identities?: Identity[]
  /** The client is slow: it sends the body in pieces, evenly over so long. */
  sendOver?: Duration
  /** The client is slower still: it sends the head in pieces, on a connection of its own. The gateway has no request until it is whole. */
  sendHeadOver?: Duration
  /** In place of the route's sample paths and bodies. */
  paths?: string[]
  bodies?: unknown[]
}

export type LoadRoute = (options?: LoadOptions) => PlannedRoute

/**
 * Defines a fake upstream. `meta` is the defining module's `import.meta`, or in CommonJS `module`.
 * @throws GatecrashError `invalid_scenario` with all problems at once: a name that is no URL segment, a setting that does not exist, a
 * latency that cannot be read, a route that is named like a property of `Upstream`, or whose samples are not its own
 */
export function defineUpstream<Names extends string, State = undefined>(
  meta: DefiningModule,
  definition: UpstreamDefinition<Names, State>,
): Upstream & Readonly<Record<Names, LoadRoute>> {
  const { name, latency, capacity, routes: checked } = checkDefinition(meta.filename, definition)
  const routes: Record<string, UpstreamRoute> = {}
  for (const [routeName, route] of Object.entries(checked))
    routes[routeName] = {
      name: routeName,
      method: route.method,
      path: route.path,
      ...(route.bodyHas && { bodyHas: route.bodyHas }),
      latency: route.latency ?? latency,
      samples: { paths: route.samples.paths ?? [route.path], bodies: route.samples.bodies, headers: route.samples.headers },
    }

  const upstream: Upstream = {
    name,
    module: meta.filename,
    export: camelCase(name),
    latency,
    ...(capacity && { capacity }),
    routes,
    errorBody: definition.errorBody ?? ((status) => ({ error: STATUS_CODES[status] ?? 'Error' })),
    errorHeaders: definition.errorHeaders ?? (() => ({})),
    isForgetful: definition.state === undefined,
    open() {
      // Without `state`, State is undefined by inference.
      const state = definition.state?.() as State
      return (route, request) => definition.routes[route as Names].reply(request, state)
    },
  }
  const planned = Object.values(routes).map((route): [string, LoadRoute] => [route.name, (options) => planRoute(name, route, options)])
  return Object.assign(upstream, Object.fromEntries(planned) as Record<Names, LoadRoute>)
}

/** Every route of a fake, as its own builders make it. */
export function allRoutesOf({ name, routes }: Upstream): PlannedRoute[] {
  return Object.values(routes).map((route) => planRoute(name, route))
}

/** What a module's export must look like to be served. */
export function isUpstream(value: unknown): value is Upstream {
  const candidate = value as Partial<Upstream> | null | undefined
  return typeof candidate?.name === 'string' && typeof candidate.open === 'function' && typeof candidate.routes === 'object'
}

function planRoute(upstream: string, route: UpstreamRoute, given: LoadOptions = {}): PlannedRoute {
  const options = checkLoadOptions(`${upstream}.${route.name}()`, route, given)
  return {
    route: `${upstream}.${route.name}`,
    reaches: [{ upstream, route: route.name }],
    weight: options.weight ?? 1,
    method: route.method,
    paths: (options.paths ?? route.samples.paths).map((path) => gatewayPath(upstream, route, path, options.at)),
    headers: { ...route.samples.headers, ...options.headers },
    bodies: options.bodies ?? route.samples.bodies,
    ...(options.identities && { identities: options.identities }),
    ...(options.sendOver !== undefined && { sendOverMs: parseDuration(options.sendOver) }),
    ...(options.sendHeadOver !== undefined && { sendHeadOverMs: parseDuration(options.sendHeadOver) }),
    ...(options.idempotencyKey && { idempotencyKey: true }),
    ...(options.expectedStatuses && { expectedStatuses: options.expectedStatuses }),
    ...(options.during && { during: options.during }),
  }
}

/** `/v1/orders/7?full=1` of a route `/v1/orders/{id}`, at `/shop/{id}`: `/shop/7?full=1`. */
function gatewayPath(upstream: string, route: UpstreamRoute, sample: string, at: string | undefined): string {
  if (at === undefined) return `/${upstream}${sample}`
  const [path = '', query] = sample.split(/(?=\?)/)
  const values = compilePath(route.path).exec(path)?.groups ?? {}
  const filled = at.replaceAll(/\{(\w+)\}/g, (name, key: string) => (Object.hasOwn(values, key) ? values[key]! : name))
  return filled + (query ?? '')
}

/** How the module of `name` exports it: `evidence-api` is `evidenceApi`. */
export function camelCase(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}
