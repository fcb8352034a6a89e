// The gateway's configuration, checked in one go: all problems at once, each with its path, the value and the remedy.
//
//   { "upstreams": { "gemini": { "timeout": { "attempt": "2s" }, "breaker": { "failures": 5 } } }, "server": {}, "seed": 1 }
import * as z from 'zod'
import { upstreamVariable } from '../contract/environment.ts'
import { type Problem, problemsError } from '../kernel/errors.ts'
import { check, duration } from '../kernel/validation.ts'
import { tokenBucketSettings } from '../policies/limits/token-bucket.ts'
import { type UpstreamPolicies, upstreamPolicies } from '../policies/settings.ts'

const { limit, per, burst } = tokenBucketSettings

const clientRateLimit = z.strictObject({
  limit,
  per,
  burst,
  /** What tells clients apart: their address, or the value of a header such as `x-api-key`. */
  by: z.string().min(1).toLowerCase().default('address'),
})

/** Settings of the gateway as a whole. */
export const server = z.strictObject({
  /** Largest request body, as sent and as decoded; 413 above. `MAX_REQUEST_SIZE_BYTES` overrides it. */
  maxRequestBytes: z
    .int()
    .min(1)
    .default(100 * 1024 * 1024),
  clientRateLimit: clientRateLimit.optional(),
  /** Client requests in the gateway at once; 503 above. */
  inFlight: z.int().min(1).default(10_000),
  /** An answer is held back until this much of it has arrived, or all: up to then it can still be replaced by a retry. */
  commitBytes: z
    .int()
    .min(0)
    .default(64 * 1024),
  /** An event stream that says nothing for this long is given up. */
  streamIdle: duration.default(60_000),
  /** How long a stop waits for requests in flight. */
  drain: duration.default(10_000),
  /** Breaker transitions kept for replay. */
  eventsKept: z.int().min(1).default(10_000),
  heartbeat: duration.default(5000),
  /** Bearer token of the operators' addresses; without one they answer to loopback only. `GATEWAY_ADMIN_TOKEN` overrides it. */
  adminToken: z.string().min(1).optional(),
  slowRequest: duration.default(1000),
  verySlowRequest: duration.default(5000),
})

const gatewayConfig = z.strictObject({
  upstreams: z.record(z.string(), upstreamPolicies).default({}),
  server: server.prefault({}),
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
  seed: number | undefined
}

/** First segments of the gateway's own addresses: an upstream of that name could never be reached. */
const RESERVED = new Set(['api', 'healthz', 'readyz', 'metrics'])

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
  const settings = parsed?.upstreams ?? {}
  const configured = parsed ? Object.keys(settings) : namesIn(input)

  const names = new Set([...configured, ...Object.keys(baseUrls)])
  for (const name of names) {
    const path = `upstreams.${name}`
    const variable = upstreamVariable(name)
    if (!/^[\w.-]+$/.test(name)) problems.push({ path, message: `must be of letters, digits, ".", "_" and "-", got "${name}"` })
    const url = baseUrls[name]
    if (url === undefined) problems.push({ path, message: `has no base URL; set ${variable}` })
    else if (!isBaseUrl(url)) problems.push({ path: variable, message: `must be an http or https URL without query, got "${url}"` })
  }
  const all = Object.fromEntries([...names].map((name) => [name, settings[name] ?? {}]))
  problems.push(...settingsProblems(all).map(({ path, message }) => ({ path: `upstreams.${path}`, message })))
  if (names.size === 0)
    problems.push({ path: 'UPSTREAM_*', message: 'no upstream; set one, such as UPSTREAM_GEMINI=http://127.0.0.1:9101' })
  if (problems.length > 0 || !parsed) throw problemsError('invalid_config', place, problems)

  const upstreams = [...names].map((name) => ({ name, baseUrl: baseUrls[name]!, policies: settings[name] ?? upstreamPolicies.parse({}) }))
  return { upstreams, server: parsed.server, seed: parsed.seed }
}

/** What is wrong with the upstreams of one gateway taken together; paths begin with an upstream's name. */
export function settingsProblems(upstreams: Readonly<Record<string, Pick<UpstreamPolicies, 'fallback'> | object>>): Problem[] {
  return Object.entries(upstreams).flatMap(([name, policies]) => {
    const problems: Problem[] = []
    if (RESERVED.has(name)) problems.push({ path: name, message: `"${name}" is an address of the gateway itself; rename the upstream` })
    const fallback = 'fallback' in policies ? policies.fallback : undefined
    if (fallback?.kind === 'route' && (fallback.upstream === name || !Object.hasOwn(upstreams, fallback.upstream)))
      problems.push({ path: `${name}.fallback.upstream`, message: `must be another upstream of this gateway, got "${fallback.upstream}"` })
    return problems
  })
}

/** Names of the upstreams that a config, checked or not, has settings for. */
export function namesIn(input: unknown): string[] {
  return isObject(input) && isObject(input.upstreams) ? Object.keys(input.upstreams) : []
}

function isBaseUrl(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && !url.search && !url.hash
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
