// What is known about a run before its first request.
import { execFile } from 'node:child_process'
import { cpus, release, totalmem, type } from 'node:os'
import { promisify } from 'node:util'
import manifest from '../../../package.json' with { type: 'json' }
import type { Observation } from '../../criteria/finding/observation.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Project } from '../../project/project.ts'
import { configRecord } from './config-record.ts'
import { planWithoutSecrets, withoutSecrets } from '../../plan/redact.ts'
import type { RunRecord } from './record.ts'
import type { GatewayChoice } from '../../plan/gateway-choice.ts'

const run = promisify(execFile)

export interface RecordInput {
  plan: Plan
  startedAt: Date
  gateway: GatewayChoice
  toxiproxy: string
  /** Absent: it is played live. */
  simulated?: RunRecord['simulated']
  /** Absent: both. */
  observe?: Observation
  /** What the plan was made with; absent without a config. */
  project?: Project | undefined
  /** The command that repeats the run, without secrets. */
  command: string
}

export async function beginRecord({
  plan,
  startedAt,
  gateway,
  toxiproxy,
  simulated,
  observe,
  project,
  command,
}: RecordInput): Promise<RunRecord> {
  const at = startedAt.toISOString()
  const processors = cpus()
  return {
    schemaVersion: 2,
    tool: { name: manifest.name, version: manifest.version, node: process.version },
    startedAt: at,
    endedAt: at,
    seed: plan.seed,
    ...(observe !== undefined && observe !== 'both' && { observe }),
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
    toxiproxy: { kind: withoutSecrets(toxiproxy), version: 'not started' },
    ...(simulated && { simulated }),
    ...(project && { config: configRecord(project) }),
    plan: planWithoutSecrets(plan),
  }
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
