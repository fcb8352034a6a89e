// What is known about a run before its first request.
import { execFile } from 'node:child_process'
import { cpus, release, totalmem, type } from 'node:os'
import { promisify } from 'node:util'
import manifest from '../../package.json' with { type: 'json' }
import type { Plan } from '../plan/plan.ts'
import type { RunRecord } from './record.ts'
import type { GatewayChoice } from '../stage/live/gateway-process.ts'

const run = promisify(execFile)

export interface RecordInput {
  plan: Plan
  startedAt: Date
  gateway: GatewayChoice
  toxiproxy: string
  /** The command that repeats the run, without secrets. */
  command: string
}

export async function beginRecord({ plan, startedAt, gateway, toxiproxy, command }: RecordInput): Promise<RunRecord> {
  const at = startedAt.toISOString()
  const processors = cpus()
  return {
    schemaVersion: 2,
    tool: { name: manifest.name, version: manifest.version, node: process.version },
    startedAt: at,
    endedAt: at,
    seed: plan.seed,
    command,
    git: await gitState(),
    host: {
      cpu: processors[0]?.model ?? 'unknown',
      cores: processors.length,
      memMiB: Math.round(totalmem() / 2 ** 20),
      os: `${type()} ${release()}`,
    },
    gateway: {
      kind: gateway.kind,
      command:
        gateway.kind === 'reference' ? 'the reference gateway' : withoutSecrets(gateway.kind === 'url' ? gateway.url : gateway.command),
    },
    toxiproxy: { kind: toxiproxy, version: 'not started' },
    plan: withoutSecretHeaders(plan),
  }
}

// What makes a secret of the value behind it: some words anywhere in a name, others only as a word of it (`monkey` is none).
const NAMED = String.raw`(?:[\w-]*(?:token|secret|passw(?:or)?d|credential)[\w-]*|(?:[\w-]*[_-])?(?:(?:api|access|private)?keys?|pass|pwd|auth(?:orization)?|cookie)(?:[_-][\w-]*)?)`
// In quotes, which may be escaped in an outer pair, or up to the next blank.
const VALUE = String.raw`(?:\\"(?:(?!\\").)*\\"|"[^"]*"|'[^']*'|[^\s'"&]+)`
const assigned = new RegExp(`(?<![\\w])(${NAMED}=)${VALUE}`, 'gi')
const flagged = new RegExp(`(--?${NAMED}\\s+)(?!-)${VALUE}`, 'gi')
const header = new RegExp(`(?<![\\w-])(${NAMED}:\\s*)[^'"]+`, 'gi')
const secretName = new RegExp(`^${NAMED}$`, 'i')
const inUrl = /(\/\/)[^/\s@]+@/g
// What gives itself away by its form: keys of well-known services, and signed tokens.
const telltale = /\b(?:sk-[\w-]{16,}|AKIA[A-Z0-9]{16}|gh[opsu]_\w{20,}|xox[abp]-[\w-]{10,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)/g

/** A command line may carry secrets in assignments, flags, headers or URLs; a report is passed around. */
export function withoutSecrets(command: string): string {
  return command
    .replaceAll(assigned, '$1***')
    .replaceAll(flagged, '$1***')
    .replaceAll(header, '$1***')
    .replaceAll(inUrl, '$1***@')
    .replaceAll(telltale, '***')
}

/** A header that a scenario takes from its author's environment goes to the gateway, and nowhere else: no verdict depends on it. */
export function withoutSecretHeaders(plan: Plan): Plan {
  const mix = plan.load.mix.map((route) => {
    const headers = Object.entries(route.headers).map(([name, value]) => [name, secretName.test(name) ? '***' : value])
    return { ...route, headers: Object.fromEntries(headers) as Record<string, string> }
  })
  return { ...plan, load: { ...plan.load, mix } }
}

async function gitState(): Promise<RunRecord['git']> {
  try {
    const [{ stdout: sha }, { stdout: changes }] = await Promise.all([
      run('git', ['rev-parse', 'HEAD']),
      run('git', ['status', '--porcelain']),
    ])
    return { sha: sha.trim(), dirty: changes.trim() !== '' }
  } catch {
    return null
  }
}
