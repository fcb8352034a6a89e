// Load as an author writes it: a rate that may change by phase, how arrivals are spread, and what is asked of the gateway.
import { type Duration, parseDuration } from '../kernel/duration.ts'
import type { Identity, PlannedRoute } from '../plan/plan.ts'

/** A rate in requests per second: constant when both ends are equal, else a straight ramp over its phase. */
export interface RateInput {
  startPerSecond: number
  endPerSecond: number
}

export interface LoadInput {
  rate: RateInput
  /** `poisson` (default): seeded exponential gaps, as independent clients make them. `constant`: evenly spaced. */
  arrivals?: 'poisson' | 'constant'
  /** What is asked: of the fakes' own builders (`gemini.generateContent()`), or of `request()`. */
  mix: PlannedRoute[]
  /** When the load generator gives a request up. Default 10 s. */
  timeout?: Duration
}

export interface RequestOptions {
  /** Default GET. */
  method?: string
  /** Address at the gateway; of several, one is taken by a seeded draw. */
  path: string | string[]
  /** The upstreams that the gateway asks to answer it. Default: none. */
  reaches?: readonly (string | { readonly name: string })[]
  /** Sent as the content type of `headers` says: JSON where there is none, a form, else a text as it is. Of several `bodies`, one is taken by a seeded draw. */
  body?: unknown
  bodies?: unknown[]
  headers?: Record<string, string>
  /** The client is slow: it sends the body in pieces, evenly over so long. */
  sendOver?: Duration
  /** The client is slower still: it sends the head of its request in pieces, evenly over so long. */
  sendHeadOver?: Duration
  /** Who asks, one of them by a seeded draw; each is told from the others by its headers. */
  identities?: Identity[]
  /** Relative to the other routes of the mix. Default 1. */
  weight?: number
  /** Names of phases; absent: all. */
  during?: string[]
  /**
   * Name of a phase: sent once, when it begins, in place of with the load. What an operator does to the gateway, such as
   * `POST /api/v1/resilience/circuit-breakers/gemini/reset`.
   */
  once?: string
  /** Sends an `idempotency-key` of its own with each request, so that it may be repeated safely. */
  idempotencyKey?: boolean
  /** Statuses from 400 on that count as ok: a 404 that is asked for on purpose. */
  expectedStatuses?: number[]
}

/** A kind of request to an address of the gateway's own. `name` is unique in the mix, and stands in every table. */
export function request(name: string, options: RequestOptions): PlannedRoute {
  const {
    method = 'GET',
    path,
    reaches = [],
    body,
    bodies,
    headers = {},
    identities,
    sendOver,
    sendHeadOver,
    weight = 1,
    during,
    ...rest
  } = options
  return {
    route: name,
    reaches: reaches.map((upstream) => ({ upstream: typeof upstream === 'string' ? upstream : upstream.name })),
    weight,
    method,
    paths: typeof path === 'string' ? [path] : path,
    headers,
    bodies: bodies ?? (body === undefined ? [] : [body]),
    ...(sendOver !== undefined && { sendOverMs: parseDuration(sendOver) }),
    ...(sendHeadOver !== undefined && { sendHeadOverMs: parseDuration(sendHeadOver) }),
    ...(identities && { identities }),
    ...(during && { during }),
    ...rest,
  }
}

/** The same rate throughout. */
export function perSecond(rate: number): RateInput {
  return { startPerSecond: rate, endPerSecond: rate }
}

/** From one rate to another, in a straight line over the phase it is given to. */
export function ramp(startPerSecond: number, endPerSecond: number): RateInput {
  return { startPerSecond, endPerSecond }
}
