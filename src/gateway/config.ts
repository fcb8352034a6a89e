// The gateway's configuration, checked in one go: all problems at once, each with its path, the value and the remedy.
//
//   { "upstreams": { "gemini": { "timeout": { "attempt": "2s" }, "breaker": { "failures": 5 } } }, "server": {}, "seed": 1 }
import { validateHeaderName, validateHeaderValue } from 'node:http'
import * as z from 'zod'
import { upstreamVariable } from '../contract/environment.ts'
import { gatewayOnly } from '../contract/headers.ts'
import { type Problem, problemsError } from '../kernel/errors.ts'
import { check, duration, positiveDuration, shown } from '../kernel/validation.ts'
import { tokenBucketSettings } from '../policies/limits/token-bucket.ts'
import { type UpstreamPolicies, upstreamPolicies } from '../policies/settings.ts'
import { forwardedModes } from './request/forwarding.ts'
import { type Services, services, servicesProblems } from './services/services.ts'
import { storeSettings } from './stores/settings.ts'

export { services, servicesProblems, type ServicesInput } from './services/services.ts'

const GIGABYTE = 1024 ** 3

/** Room for bodies, where the settings say nothing. */
const BODY_BUDGET = 256 * 1024 ** 2

const { limit, per, burst } = tokenBucketSettings

const clientRateLimit = z.strictObject({
  limit,
  per,
  burst,
  /** What tells clients apart: their address, or the value of a header such as `x-api-key`. */
  by: z.string().toLowerCase().refine(isHeaderName, 'must be "address" or the name of a header').default('address'),
})

/** Settings of the gateway as a whole. */
export const server = z
  .strictObject({
    /** Largest request body, as sent and as decoded; 413 above. `MAX_REQUEST_SIZE_BYTES` overrides it. */
    maxRequestBytes: z
      .int()
      .min(1)
      .max(GIGABYTE)
      .default(100 * 1024 * 1024),
    /** What the bodies of all requests may take together; 503 above. Default: 256 MiB, or one body of the largest size. */
    bodyBudgetBytes: z.int().min(1).optional(),
    /** A request body arrives within this time and a second more for every 500 bytes, and is silent no longer; 408 after it. */
    bodyTimeout: positiveDuration.default(20_000),
    clientRateLimit: clientRateLimit.optional(),
    /** Client requests in the gateway at once; 503 above. */
    inFlight: z.int().min(1).default(10_000),
    /** Client requests for one upstream at once; 503 above. A bulkhead bounds more closely. */
    inFlightPerUpstream: z.int().min(1).default(1000),
    /** New requests are refused with 503 while the event loop is later than this. Absent: never. */
    maxLoopDelay: positiveDuration.optional(),
    /** An answer is held back until this much of it has arrived, or all: up to then it can still be replaced by a retry. */
    commitBytes: z
      .int()
      .min(0)
      .max(GIGABYTE)
      .default(64 * 1024),
    /** An event stream that says nothing for this long is given up. A client that reads nothing of its answer for this long is cut off. */
    streamIdle: positiveDuration.default(60_000),
    /** How long a stop waits for requests in flight. */
    drain: duration.default(10_000),
    /** Breaker transitions kept for replay. */
    eventsKept: z.int().min(1).max(1_000_000).default(10_000),
    /** How often an event stream that has nothing to tell says that it is alive. */
    heartbeat: positiveDuration.default(5000),
    /** Bearer token of the operators' addresses; without one they answer to loopback only. `GATEWAY_ADMIN_TOKEN` overrides it. */
    adminToken: z
      .string()
      .refine(
        (token) => /^[\x21-\x7e]{1,4096}$/.test(token),
        'must be of printable ASCII characters without spaces: it travels in a header',
      )
      .optional(),
    /** By it the gateway's own services know the gateway. Nobody else is sent it. `INTERNAL_TOKEN` overrides it. */
    internalToken: z
      .string()
      .refine((token) => /^[\x21-\x7e]{8,4096}$/.test(token), 'must be of 8 or more printable ASCII characters without spaces')
      .optional(),
    /** The upstreams that are services of one's own. */
    internalUpstreams: z.array(z.string()).default([]),
    /** Prometheus metrics are served on this port, and no longer on the gateway's own; 0 for a free one. `METRICS_PORT` overrides it. */
    metricsPort: z.int().min(0).max(65_535).optional(),
    /** What upstreams are told of the client's address: what it claims itself, nothing, X-Forwarded-*, or Forwarded (RFC 7239). */
    forwarded: z.enum(forwardedModes).default('pass'),
    /** Where services keep what outlives the gateway. `REDIS_URL` says where Redis is. */
    store: storeSettings.prefault({}),
    /** A request that takes longer is logged as slow. */
    slowRequest: duration.default(1000),
    /** A request that takes longer is logged as very slow. */
    verySlowRequest: duration.default(5000),
  })
  .transform((settings) => ({ ...settings, bodyBudgetBytes: settings.bodyBudgetBytes ?? Math.max(BODY_BUDGET, settings.maxRequestBytes) }))
  .refine(({ maxRequestBytes, bodyBudgetBytes }) => bodyBudgetBytes >= maxRequestBytes, {
    path: ['bodyBudgetBytes'],
    message: 'must not be below maxRequestBytes: the largest body would never fit',
  })

const gatewayConfig = z.strictObject({
  upstreams: z.record(z.string(), upstreamPolicies).default({}),
  server: server.prefault({}),
  /** Those that are switched on, with their settings. */
  services: services.prefault({}),
  /** Seed of jitter; without one, every process draws its own. */
  seed: z.int().optional(),
})

export type GatewayConfigInput = z.input<typeof gatewayConfig>
export type ServerSettings = z.output<typeof server>
export type ServerSettingsInput = z.input<typeof server>

export interface UpstreamConfig {
  name: string
  /** Scheme, host, port and an optional path that every request path is appended to. */
  baseUrl: string
  policies: UpstreamPolicies
}

export interface GatewayConfig {
  upstreams: UpstreamConfig[]
  server: ServerSettings
  services: Services
  seed: number | undefined
}

/** First segments of the gateway's own addresses: an upstream of that name could never be reached. */
const RESERVED = new Set(['api', 'healthz', 'readyz', 'metrics', 'openapi.json'])

/**
 * @param place where `input` comes from, for the error: a file name
 * @param input as in a config file; see GatewayConfigInput
 * @param baseUrls by upstream name; upstreams without settings get the defaults
 * @param known problems found before, to be told together with these
 * @throws GatecrashError `invalid_config`
 */
export function checkConfig(
  place: string,
  input: unknown,
  baseUrls: Readonly<Record<string, string>>,
  known: readonly Problem[] = [],
): GatewayConfig {
  const problems = [...known]
  const parsed = check(gatewayConfig, input, '', problems)
  // By name in maps: an upstream may be called `constructor`.
  const settings = new Map(Object.entries(parsed?.upstreams ?? {}))
  const urls = new Map(Object.entries(baseUrls))
  const names = new Set([...(parsed ? settings.keys() : namesIn(input)), ...urls.keys()])
  const variables = new Map<string, string>()
  for (const name of names) {
    const path = `upstreams.${name}`
    const variable = upstreamVariable(name)
    const url = urls.get(name)
    const other = variables.get(variable)
    variables.set(variable, name)
    if (!isName(name)) problems.push({ path, message: `must be of letters, digits, ".", "_" and "-", got ${shown(name)}` })
    else if (other !== undefined) problems.push({ path, message: `has the same variable as "${other}", ${variable}; rename one of them` })
    if (url === undefined) problems.push({ path, message: `has no base URL; set ${variable}` })
    else {
      const wrong = baseUrlProblem(url)
      if (wrong) problems.push({ path: variable, message: wrong })
    }
  }
  const all = Object.fromEntries([...names].map((name) => [name, settings.get(name) ?? {}]))
  problems.push(...settingsProblems(all).map(({ path, message }) => ({ path: `upstreams.${path}`, message })))
  if (parsed)
    problems.push(...servicesProblems(parsed.services, [...names]).map(({ path, message }) => ({ path: `services.${path}`, message })))
  for (const name of parsed?.server.internalUpstreams ?? [])
    if (!names.has(name)) problems.push({ path: 'server.internalUpstreams', message: `must be upstreams of this gateway, got "${name}"` })
  if (parsed && parsed.server.internalUpstreams.length > 0 && parsed.server.internalToken === undefined)
    problems.push({ path: 'server.internalToken', message: 'is missing, and internalUpstreams are to get it; set INTERNAL_TOKEN' })
  if (names.size === 0)
    problems.push({ path: 'UPSTREAM_*', message: 'no upstream; set one, such as UPSTREAM_GEMINI=http://127.0.0.1:9101' })
  if (problems.length > 0 || !parsed) throw problemsError('invalid_config', place, problems)

  const upstreams = [...names].map((name) => ({
    name,
    baseUrl: urls.get(name)!,
    policies: settings.get(name) ?? upstreamPolicies.parse({}),
  }))
  return { upstreams, server: parsed.server, services: parsed.services, seed: parsed.seed }
}

/** What is wrong with the upstreams of one gateway taken together; paths begin with an upstream's name. */
export function settingsProblems(upstreams: Readonly<Record<string, Pick<UpstreamPolicies, 'fallback'> | object>>): Problem[] {
  return Object.entries(upstreams).flatMap(([name, policies]) => {
    const problems: Problem[] = []
    if (RESERVED.has(name)) problems.push({ path: name, message: `"${name}" is an address of the gateway itself; rename the upstream` })
    const fallback = 'fallback' in policies ? policies.fallback : undefined
    if (fallback?.kind === 'route' && (fallback.upstream === name || !Object.hasOwn(upstreams, fallback.upstream)))
      problems.push({ path: `${name}.fallback.upstream`, message: `must be another upstream of this gateway, got "${fallback.upstream}"` })
    if (fallback?.kind === 'static') problems.push(...answerProblems(`${name}.fallback`, fallback))
    return problems
  })
}

/** Names of the upstreams that a config, checked or not, has settings for. */
export function namesIn(input: unknown): string[] {
  return isObject(input) && isObject(input.upstreams) ? Object.keys(input.upstreams) : []
}

// What frames an answer, and what only the gateway may say, is set for each answer.
const NOT_STATIC = new Set([...gatewayOnly, 'content-length', 'transfer-encoding', 'connection', 'keep-alive', 'upgrade', 'trailer'])
const BODILESS = new Set([204, 205, 304])

/** What is wrong with an answer that is given as it is written. */
function answerProblems(path: string, answer: { status: number; headers: Record<string, string>; body: unknown }): Problem[] {
  const problems: Problem[] = []
  for (const [name, value] of Object.entries(answer.headers)) {
    const place = `${path}.headers.${isHeaderName(name) ? name : shown(name)}`
    if (!isHeaderName(name)) problems.push({ path: place, message: 'is not the name of a header' })
    else if (NOT_STATIC.has(name.toLowerCase())) problems.push({ path: place, message: 'is set by the gateway itself; leave it out' })
    else if (!isHeaderValue(name, value))
      problems.push({ path: place, message: `has characters that no header may have, got ${shown(value)}` })
  }
  if (BODILESS.has(answer.status) && answer.body !== '' && answer.body !== null)
    problems.push({ path: `${path}.body`, message: `must be "" or null: an answer of status ${answer.status} has no body` })
  return problems
}

function isHeaderName(name: string): boolean {
  try {
    validateHeaderName(name)
    return true
  } catch {
    return false
  }
}

function isHeaderValue(name: string, value: string): boolean {
  try {
    validateHeaderValue(name, value)
    return true
  } catch {
    return false
  }
}

// `.` and `..` are steps in a path, not names.
function isName(name: string): boolean {
  return /^[\w.-]+$/.test(name) && !/^\.{1,2}$/.test(name)
}

/** What is wrong with a base URL. A password in it is not repeated. */
function baseUrlProblem(text: string): string | undefined {
  const url = URL.parse(text)
  if (url?.username || url?.password) return 'must not carry credentials; let clients send them, or put a proxy that adds them between'
  if (url === null || !/^https?:$/.test(url.protocol) || url.search || url.hash)
    return `must be an http or https URL without query, got ${shown(text)}`
  return url.port === '0' ? `must name a port that can be connected to, got ${shown(text)}` : undefined
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
