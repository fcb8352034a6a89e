// What run.json holds: everything about a run that is known without looking at its journal.
import * as z from 'zod'
import { type Observation, observations } from '../../criteria/finding/observation.ts'
import { GatecrashError } from '../../kernel/errors.ts'
import type { Plan } from '../../plan/plan.ts'
import { type Calibration, calibrationSchema } from '../../simulation/calibration/calibration.ts'
import type { MeasuredCalibration } from '../../simulation/calibration/meter.ts'
import type { ConfigRecord } from './config-record.ts'
import { planSchema } from './plan-schema.ts'

/** Of run.json, the plan in it, and verdict.json. */
export const SCHEMA_VERSION = 2

export interface RunRecord {
  schemaVersion: typeof SCHEMA_VERSION
  tool: { name: string; version: string; node: string }
  /** Wall-clock times, ISO 8601 UTC. */
  startedAt: string
  endedAt: string
  seed: number
  /** Whose word counts about breakers; absent: both. */
  observe?: Observation
  /** The command that repeats this run, seed included. */
  command: string
  git: { sha: string; dirty: boolean } | null
  host: { cpu: string; cores: number; memMiB: number; os: string }
  /** `command` is the command line, or the URL of a gateway that was already running. */
  gateway: { kind: 'reference' | 'command' | 'url'; command: string }
  toxiproxy: { kind: string; version: string }
  /** What the simulated stage added to the plan's times; absent: the run was live. */
  simulated?: { calibration: Calibration }
  /** What the machine added to the plan's times, of a live run of the reference gateway: what `--calibration` takes. */
  measured?: MeasuredCalibration
  /** The project's config; absent without one. */
  config?: ConfigRecord
  plan: Plan
}

const shape = z.looseObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  tool: z.object({ name: z.string(), version: z.string(), node: z.string() }),
  startedAt: z.string(),
  endedAt: z.string(),
  seed: z.number(),
  observe: z.enum(observations).optional(),
  command: z.string(),
  git: z.object({ sha: z.string(), dirty: z.boolean() }).nullable(),
  host: z.object({ cpu: z.string(), cores: z.number(), memMiB: z.number(), os: z.string() }),
  gateway: z.object({ kind: z.enum(['reference', 'command', 'url']), command: z.string() }),
  toxiproxy: z.object({ kind: z.string(), version: z.string() }),
  simulated: z.looseObject({ calibration: calibrationSchema }).optional(),
  measured: z.looseObject({ calibration: calibrationSchema }).optional(),
  config: z.looseObject({ file: z.string() }).optional(),
  plan: planSchema(SCHEMA_VERSION),
})

/**
 * Reads the text of a run.json; `place` names it in the error.
 * @throws GatecrashError `invalid_bundle` when it is no run record, or one of another version
 */
export function parseRunRecord(text: string, place: string): RunRecord {
  const value = jsonOrUndefined(text)
  refuseOtherVersion(value, place)
  const parsed = shape.safeParse(value)
  // The value as it was written, not zod's copy, whose keys are in another order. The schema has looked at every field that is used.
  if (parsed.success) return value as RunRecord
  const issue = parsed.error.issues[0]!
  const where = issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''
  throw new GatecrashError('invalid_bundle', `${place}: ${where}${issue.message}; expected the run.json of a run by this version`)
}

// The schema version, and who wrote it, of a file that another version of Gatecrash wrote.
const otherVersion = z.looseObject({
  schemaVersion: z.unknown().refine((version) => version !== undefined && version !== SCHEMA_VERSION),
  tool: z.looseObject({ version: z.string() }).optional(),
})

/** @throws GatecrashError `invalid_bundle` for the contents of a bundle's file that another version of Gatecrash wrote */
export function refuseOtherVersion(value: unknown, place: string): void {
  const { data } = otherVersion.safeParse(value)
  if (!data) return
  const [theirs, writer] = [JSON.stringify(data.schemaVersion), data.tool ? `gatecrash ${data.tool.version}` : 'another version']
  throw new GatecrashError(
    'invalid_bundle',
    `${place} was written by ${writer} (schema ${theirs}; this version reads ${SCHEMA_VERSION}): run the scenario again`,
  )
}

export function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
