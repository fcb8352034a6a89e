// How a gateway is started: its command and its environment, with the values of the run in their places.
import { fileURLToPath } from 'node:url'
import { GATEWAY_CONFIG, PORT, REDIS_URL, upstreamVariable } from '../../../contract/environment.ts'
import { moduleBeside } from '../../../kernel/process/sibling-module.ts'
import type { GatewayChoice } from '../../../plan/gateway-choice.ts'
import { type PlaceholderValues, filled, filledForShell } from '../../../plan/placeholders.ts'

/** A gateway that the stage starts. */
export type StartedChoice = Exclude<GatewayChoice, { kind: 'url' }>

export interface GatewayCommand {
  file: string
  args: string[]
  env: Record<string, string>
  /** Absent: the working directory. */
  folder?: string
}

export interface Surroundings {
  port: number
  /** Base URL by upstream name, as the gateway is to reach it: through the proxy. */
  upstreams: Readonly<Record<string, string>>
  /** A file with the reference gateway's settings; other gateways may read it too. */
  configPath: string
  values: PlaceholderValues
  /** Where its Redis is, where it has one. */
  redisUrl?: string | undefined
}

export function gatewayCommand(choice: StartedChoice, { port, upstreams, configPath, values, redisUrl }: Surroundings): GatewayCommand {
  const urls = Object.entries(upstreams).map(([name, url]) => [upstreamVariable(name), url])
  // The reference gateway must never find a Redis that is somebody else's. Another gateway may have one of its own.
  const redis = redisUrl === undefined && choice.kind !== 'reference' ? {} : { [REDIS_URL]: redisUrl ?? '' }
  const env = { ...Object.fromEntries(urls), [PORT]: String(port), [GATEWAY_CONFIG]: configPath, ...redis }
  if (choice.kind === 'reference')
    return { file: process.execPath, args: [fileURLToPath(moduleBeside(import.meta, '../../../gateway/main'))], env }
  const own = Object.entries(choice.env ?? {}).map(([name, text]) => [name, filled(text, values)])
  return {
    file: '/bin/sh',
    args: ['-c', filledForShell(choice.command, values)],
    env: { ...env, ...Object.fromEntries(own) },
    ...(choice.folder !== undefined && { folder: choice.folder }),
  }
}
