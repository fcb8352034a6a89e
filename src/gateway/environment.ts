// Reads the gateway's configuration from the environment (contract/environment.ts) and the file that it names.
//
//   PORT=8080 UPSTREAM_GEMINI=http://127.0.0.1:9101 GATEWAY_CONFIG=gateway.json node src/gateway/main.ts
import { readFileSync } from 'node:fs'
import { GATEWAY_CONFIG, PORT, UPSTREAM_PREFIX, upstreamVariable } from '../contract/environment.ts'
import type { Problem } from '../kernel/errors.ts'
import { shown } from '../kernel/validation.ts'
import { checkConfig, type GatewayConfig, isObject, namesIn } from './config.ts'

export interface Environment {
  config: GatewayConfig
  port: number
  host: string
}

/**
 * Reads PORT, HOST, GATEWAY_CONFIG, UPSTREAM_<NAME>, MAX_REQUEST_SIZE_BYTES, GATEWAY_ADMIN_TOKEN,
 * SLOW_REQUEST_THRESHOLD_SECONDS and VERY_SLOW_REQUEST_THRESHOLD_SECONDS.
 * @throws GatecrashError `invalid_config`
 */
export function readEnvironment(env: Readonly<NodeJS.ProcessEnv>): Environment {
  const file = env[GATEWAY_CONFIG]
  const problems: Problem[] = []
  const port = Number(env[PORT])
  if (!env[PORT] || !Number.isInteger(port) || port < 0 || port > 65_535) {
    problems.push({ path: PORT, message: `must be a port number from 0 to 65535, got ${shown(env[PORT])}` })
  }
  const input: unknown = file ? readJson(file, problems) : {}
  const config = checkConfig(file ?? 'environment', withOverrides(input, env), baseUrlsIn(env, namesIn(input)), problems)
  return { config, port, host: env.HOST || '127.0.0.1' }
}

// A variable's name does not tell `-` from `_` or `.`. A name in the file decides; without one, `_` is read as `-`.
function baseUrlsIn(env: Readonly<NodeJS.ProcessEnv>, names: readonly string[]): Record<string, string> {
  const nameOf = new Map(names.map((name) => [upstreamVariable(name), name]))
  const urls: Record<string, string> = {}
  for (const [variable, url] of Object.entries(env)) {
    if (!variable.startsWith(UPSTREAM_PREFIX) || url === undefined) continue
    urls[nameOf.get(variable) ?? variable.slice(UPSTREAM_PREFIX.length).toLowerCase().replaceAll('_', '-')] = url
  }
  return urls
}

function withOverrides(input: unknown, env: Readonly<NodeJS.ProcessEnv>): unknown {
  const overrides: Record<string, unknown> = {}
  if (env.MAX_REQUEST_SIZE_BYTES) overrides.maxRequestBytes = Number(env.MAX_REQUEST_SIZE_BYTES)
  if (env.GATEWAY_ADMIN_TOKEN) overrides.adminToken = env.GATEWAY_ADMIN_TOKEN
  if (env.SLOW_REQUEST_THRESHOLD_SECONDS) overrides.slowRequest = `${env.SLOW_REQUEST_THRESHOLD_SECONDS}s`
  if (env.VERY_SLOW_REQUEST_THRESHOLD_SECONDS) overrides.verySlowRequest = `${env.VERY_SLOW_REQUEST_THRESHOLD_SECONDS}s`
  if (Object.keys(overrides).length === 0 || !isObject(input)) return input
  return { ...input, server: { ...(isObject(input.server) ? input.server : {}), ...overrides } }
}

function readJson(file: string, problems: Problem[]): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    problems.push({ path: GATEWAY_CONFIG, message: `must name a readable JSON file: ${(cause as Error).message}` })
    return {}
  }
}
