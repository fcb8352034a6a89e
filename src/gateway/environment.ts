// Reads the gateway's configuration from the environment (contract/environment.ts) and the file that it names.
//
//   PORT=8080 UPSTREAM_GEMINI=http://127.0.0.1:9101 GATEWAY_CONFIG=gateway.json node src/gateway/main.ts
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { isIP } from 'node:net'
import { GATEWAY_CONFIG, PORT, REDIS_URL, UPSTREAM_PREFIX, upstreamVariable } from '../contract/environment.ts'
import type { Problem } from '../kernel/errors.ts'
import { shown } from '../kernel/validation.ts'
import { checkConfig, type GatewayConfig, isObject, namesIn, server } from './config.ts'
import { storePlace, type StorePlace } from './stores/open-store.ts'

export interface Environment {
  config: GatewayConfig
  store: StorePlace
  port: number
  host: string
  logLevel: LogLevel
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/**
 * Reads PORT, HOST, LOG_LEVEL, GATEWAY_CONFIG, UPSTREAM_<NAME>, MAX_REQUEST_SIZE_BYTES, GATEWAY_ADMIN_TOKEN,
 * INTERNAL_TOKEN, METRICS_PORT, REDIS_URL, SLOW_REQUEST_THRESHOLD_SECONDS, VERY_SLOW_REQUEST_THRESHOLD_SECONDS and
 * STUCK_EPISODE_THRESHOLD_HOURS.
 * @throws GatecrashError `invalid_config`
 */
export function readEnvironment(env: Readonly<NodeJS.ProcessEnv>): Environment {
  const file = env[GATEWAY_CONFIG]
  const problems: Problem[] = []
  const port = /^\d{1,5}$/.test(env[PORT] ?? '') ? Number(env[PORT]) : Number.NaN
  if (!(port <= 65_535)) problems.push({ path: PORT, message: `must be a port number from 0 to 65535, got ${shown(env[PORT])}` })
  const host = env.HOST || '127.0.0.1'
  if (!isHost(host)) problems.push({ path: 'HOST', message: `must be an IP address or a host name, got ${shown(host)}` })
  const logLevel = logLevels.find((level) => level === (env.LOG_LEVEL || 'warn'))
  if (!logLevel) problems.push({ path: 'LOG_LEVEL', message: `must be one of ${logLevels.join(', ')}, got ${shown(env.LOG_LEVEL)}` })
  const input: unknown = file ? readJson(file, problems) : {}
  const settings = withStuckAfter(withOverrides(input, env, problems), env[STUCK_AFTER], problems)
  const store = storeIn(settings, env, file === undefined || file === '' ? '.' : dirname(file), problems)
  const config = checkConfig(file ?? 'environment', settings, baseUrlsIn(env, namesIn(input)), problems)
  return { config, store, port, host, logLevel: logLevel! } // without one, checkConfig has thrown
}

function isHost(text: string): boolean {
  return isIP(text) > 0 || (/^(?=.{1,253}$)[a-z\d]([a-z\d-]{0,62}\.?)*$/i.test(text) && !/^[\d.]+$/.test(text))
}

/** What is wrong with the settings themselves is told by checkConfig. */
function storeIn(settings: unknown, env: Readonly<NodeJS.ProcessEnv>, folder: string, problems: Problem[]): StorePlace {
  const written = isObject(settings) && isObject(settings.server) ? settings.server : {}
  const { data } = server.safeParse(written)
  return storePlace((data ?? server.parse({})).store, env[REDIS_URL], folder, problems)
}

// A variable's name does not tell `-` from `_` or `.`. A name in the file decides; without one, `_` is read as `-`.
function baseUrlsIn(env: Readonly<NodeJS.ProcessEnv>, names: readonly string[]): Record<string, string> {
  const nameOf = new Map(names.map((name) => [upstreamVariable(name), name]))
  const urls = new Map<string, string>()
  for (const [variable, url] of Object.entries(env)) {
    if (!variable.startsWith(UPSTREAM_PREFIX) || url === undefined) continue
    urls.set(nameOf.get(variable) ?? variable.slice(UPSTREAM_PREFIX.length).toLowerCase().replaceAll('_', '-'), url)
  }
  return Object.fromEntries(urls)
}

/** Variable → the setting of `server` that it overrides, what it must look like, and what it means. */
const overrides = [
  ['MAX_REQUEST_SIZE_BYTES', 'maxRequestBytes', /^[1-9]\d{0,9}$/, 'a number of bytes from 1 to 1073741824', Number],
  ['GATEWAY_ADMIN_TOKEN', 'adminToken', /^[\x21-\x7e]{1,4096}$/, 'of printable ASCII characters without spaces', String],
  ['INTERNAL_TOKEN', 'internalToken', /^[\x21-\x7e]{8,4096}$/, 'of 8 or more printable ASCII characters without spaces', String],
  ['METRICS_PORT', 'metricsPort', /^\d{1,5}$/, 'a port number from 0 to 65535', Number],
  ['SLOW_REQUEST_THRESHOLD_SECONDS', 'slowRequest', /^\d{1,9}(\.\d+)?$/, 'a number of seconds', seconds],
  ['VERY_SLOW_REQUEST_THRESHOLD_SECONDS', 'verySlowRequest', /^\d{1,9}(\.\d+)?$/, 'a number of seconds', seconds],
] as const

function withOverrides(input: unknown, env: Readonly<NodeJS.ProcessEnv>, problems: Problem[]): unknown {
  const overriding = new Map<string, unknown>()
  for (const [variable, setting, pattern, meaning, parse] of overrides) {
    const text = env[variable]
    if (!text) continue
    if (pattern.test(text)) overriding.set(setting, parse(text))
    // A token is a secret, also one that is not accepted.
    else problems.push({ path: variable, message: `must be ${meaning}${variable.endsWith('TOKEN') ? '' : `, got ${shown(text)}`}` })
  }
  if (overriding.size === 0 || !isObject(input)) return input
  return { ...input, server: { ...(isObject(input.server) ? input.server : {}), ...Object.fromEntries(overriding) } }
}

const STUCK_AFTER = 'STUCK_EPISODE_THRESHOLD_HOURS'

/** Of the service `operations`, where it is switched on. */
function withStuckAfter(input: unknown, text: string | undefined, problems: Problem[]): unknown {
  if (!text) return input
  if (!/^\d{1,6}(\.\d+)?$/.test(text) || Number(text) === 0) {
    problems.push({ path: STUCK_AFTER, message: `must be a number of hours above 0, got ${shown(text)}` })
    return input
  }
  if (!isObject(input) || !isObject(input.services) || !isObject(input.services.operations)) return input
  const operations = { ...input.services.operations, stuckAfter: `${text}h` }
  return { ...input, services: { ...input.services, operations } }
}

function seconds(text: string): string {
  return `${text}s`
}

function readJson(file: string, problems: Problem[]): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    problems.push({ path: GATEWAY_CONFIG, message: `must name a readable JSON file: ${(cause as Error).message}` })
    return {}
  }
}
