// The gateway's configuration, checked in one go: all problems at once, each with its path, the value and the remedy.
//
//   { "upstreams": { "gemini": { "timeout": { "attempt": "2s" }, "breaker": { "failures": 5 } } }, "server": {}, "seed": 1 }
import * as z from 'zod'
import { upstreamVariable } from '../contract/environment.ts'
import { type Problem, problemsError } from '../kernel/errors.ts'
import { check, shown } from '../kernel/validation.ts'
import { type UpstreamPolicies, upstreamPolicies } from '../policies/settings.ts'
import { type Services, services, servicesProblems } from './services/services.ts'
import { type ServerSettings, server, serverProblems } from './settings/server.ts'
import { answerProblems } from './settings/static-answer.ts'

export { services, servicesProblems, type ServicesInput } from './services/services.ts'
export { server, serverProblems, type ServerSettings, type ServerSettingsInput } from './settings/server.ts'

const gatewayConfig = z.strictObject({
  upstreams: z.record(z.string(), upstreamPolicies).default({}),
  server: server.prefault({}),
  /** Those that are switched on, with their settings. */
  services: services.prefault({}),
  /** Seed of jitter; without one, every process draws its own. */
  seed: z.int().optional(),
})

export type GatewayConfigInput = z.input<typeof gatewayConfig>

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
  if (parsed) problems.push(...serverProblems(parsed.server, [...names]).map(({ path, message }) => ({ path: `server.${path}`, message })))
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
