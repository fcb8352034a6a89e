// Scenarios by name: `gemini-outage` is scenarios/gemini-outage.ts below the working directory; a path to a file works too.
import { existsSync, readdirSync } from 'node:fs'
import { basename, relative, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { GatecrashError } from '../kernel/errors.ts'
import { suggest } from '../kernel/validation.ts'
import type { Plan } from '../plan/plan.ts'
import { type PlanOptions, planScenario } from '../scenario/plan-scenario.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { runUserCode } from './user-code/user-code.ts'

export interface FoundScenario {
  scenario: Scenario
  file: string
  /** Its file, relative to the working directory where it lies below it. */
  source: string
}

const FOLDER = 'scenarios'

/** Names of all scenarios in the working directory, sorted. */
export function scenarioNames(): string[] {
  if (!existsSync(FOLDER)) return []
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .toSorted()
}

/**
 * @throws GatecrashError `usage` for a name that is not there, with the nearest one
 * @throws GatecrashError `invalid_scenario` for a file that is not a scenario
 */
export async function findScenario(id: string): Promise<FoundScenario> {
  const file = fileOf(id)
  const source = relative(process.cwd(), file)
  const shownSource = source.startsWith('..') ? file : source
  const loaded = await load(file, shownSource)
  const expected = basename(file, '.ts')
  if (loaded.name !== expected)
    throw new GatecrashError(
      'invalid_scenario',
      `${shownSource}: the scenario is named "${loaded.name}"; name it "${expected}", as its file is`,
    )
  return { scenario: loaded, file, source: shownSource }
}

/**
 * Resolves a scenario that was found. Its callbacks, and what it holds, are the project's own.
 * @throws GatecrashError `invalid_scenario`, also for what cannot be recorded: a circle, a bigint
 */
export function planFound({ scenario, file, source }: FoundScenario, options: PlanOptions): Promise<Plan> {
  return runUserCode(file, source, () => {
    const plan = planScenario(scenario, options)
    JSON.stringify(plan)
    return plan
  })
}

function fileOf(id: string): string {
  // Only something that looks like a path is taken as one: a name never leaves the folder.
  if (id.endsWith('.ts') && (id.includes(sep) || id.includes('/'))) {
    const file = resolve(id)
    if (existsSync(file)) return file
    throw new GatecrashError('usage', `there is no file ${id}`)
  }
  const name = id.endsWith('.ts') ? id.slice(0, -'.ts'.length) : id
  const known = scenarioNames()
  if (known.includes(name)) return resolve(FOLDER, `${name}.ts`)
  const where = known.length > 0 ? '' : `: there is no folder ${FOLDER}/ with scenarios in ${process.cwd()}`
  throw new GatecrashError('usage', `unknown scenario "${id}"${suggest(name, known)}${where}`)
}

async function load(file: string, source: string): Promise<Scenario> {
  const exported = await runUserCode(file, source, async () => {
    const module = (await import(pathToFileURL(file).href)) as { default?: unknown }
    // A default export may be anything: it is looked at where what it throws is caught.
    const { default: value } = module
    return { value, isScenario: isScenario(value), isPromise: value instanceof Promise, isThere: Object.hasOwn(module, 'default') }
  })
  const { value, isThere, isPromise } = exported
  if (exported.isScenario) return value as Scenario
  const got = isThere ? (isPromise ? '; it is a promise: await it' : '') : '; there is none'
  throw new GatecrashError('invalid_scenario', `${source}: its default export must be what scenario(name, { … }) returns${got}`)
}

function isScenario(value: unknown): boolean {
  const scenario = value as Partial<Scenario> | null | undefined
  return typeof scenario?.name === 'string' && typeof scenario.input === 'object' && scenario.input !== null
}
