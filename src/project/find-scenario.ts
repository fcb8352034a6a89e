// Scenarios by name: `gemini-outage` is scenarios/gemini-outage.ts below the working directory, or else one that the package brings.
// A path to a file works too.
import { existsSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { GatecrashError } from '../kernel/errors.ts'
import { nearPath } from '../kernel/modules/near-path.ts'
import { suggest } from '../kernel/validation.ts'
import type { Plan } from '../plan/plan.ts'
import { type PlanOptions, planScenario } from '../scenario/plan-scenario.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { FOLDER, type ScenarioFile, scenarioFiles, scenarioNameOf } from './scenario-files.ts'
import { runUserCode } from './user-code/user-code.ts'

export interface FoundScenario {
  scenario: Scenario
  file: string
  /** Its file, relative to the working directory where it lies below it. */
  source: string
  /** Where it was found. */
  of: ScenarioFile['of']
}

/** Names of all scenarios, each once: the project's, then the package's. */
export function scenarioNames(): string[] {
  return [...new Set(scenarioFiles().map(({ name }) => name))]
}

/**
 * @throws GatecrashError `usage` for a name that is not there, with the nearest one, or that two files have
 * @throws GatecrashError `invalid_scenario` for a file that is not a scenario
 */
export async function findScenario(id: string): Promise<FoundScenario> {
  const { file, name, of } = fileOf(id)
  const source = nearPath(file)
  const loaded = await load(file, source)
  if (loaded.name !== name)
    throw new GatecrashError('invalid_scenario', `${source}: the scenario is named "${loaded.name}"; name it "${name}", as its file is`)
  return { scenario: loaded, file, source, of }
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

/** Whether `source`, as a plan tells it, is the file that is found by this name. */
export function isFoundByName(name: string, source: string): boolean {
  return scenarioFiles().find((each) => each.name === name)?.file === resolve(source)
}

function fileOf(id: string): ScenarioFile {
  const ofFile = scenarioNameOf(id)
  // Only something that looks like a path is taken as one: a name never leaves the folder.
  if (ofFile !== undefined && (id.includes(sep) || id.includes('/'))) {
    const file = resolve(id)
    if (existsSync(file)) return { file, name: ofFile, of: 'project' }
    throw new GatecrashError('usage', `there is no file ${id}`)
  }
  const name = ofFile ?? id
  const files = scenarioFiles()
  const [found, twin] = files.filter((each) => each.name === name)
  if (found && twin)
    throw new GatecrashError(
      'usage',
      `"${id}" is the name of ${nearPath(found.file)} and of ${nearPath(twin.file)}: rename one of them, or give its path`,
    )
  if (found) return found
  throw new GatecrashError('usage', `unknown scenario "${id}"${suggest(name, scenarioNames())}${whereNone(files)}`)
}

function whereNone(files: readonly ScenarioFile[]): string {
  return files.some(({ of }) => of === 'project') ? '' : `; there is no folder ${FOLDER}/ with scenarios in ${process.cwd()}`
}

async function load(file: string, source: string): Promise<Scenario> {
  const exported = await runUserCode(file, source, async () => {
    const module = (await import(pathToFileURL(file).href)) as { default?: unknown }
    // A default export may be anything: it is looked at where what it throws is caught.
    const value = defaultOf(module)
    return { value, isScenario: isScenario(value), isPromise: value instanceof Promise, isThere: value !== undefined }
  })
  const { value, isThere, isPromise } = exported
  if (exported.isScenario) return value as Scenario
  const got = isThere ? (isPromise ? '; it is a promise: await it' : '') : '; there is none'
  throw new GatecrashError('invalid_scenario', `${source}: its default export must be what scenario(name, { … }) returns${got}`)
}

/** Of CommonJS, `module.exports`; where a compiler wrote that, the `default` in it. */
function defaultOf({ default: value }: { default?: unknown }): unknown {
  const compiled = value as { __esModule?: unknown; default?: unknown } | null | undefined
  return typeof value === 'object' && compiled?.__esModule === true ? compiled.default : value
}

function isScenario(value: unknown): boolean {
  const scenario = value as Partial<Scenario> | null | undefined
  return typeof scenario?.name === 'string' && typeof scenario.input === 'object' && scenario.input !== null
}
