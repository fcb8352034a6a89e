// Scenarios by name: `gemini-outage` is scenarios/gemini-outage.ts below the working directory; a path to a file works too.
import { existsSync, readdirSync } from 'node:fs'
import { basename, relative, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { GatecrashError } from '../kernel/errors.ts'
import { suggest } from '../kernel/validation.ts'
import type { Scenario } from '../scenario/scenario.ts'

export interface FoundScenario {
  scenario: Scenario
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
  return { scenario: loaded, source: shownSource }
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
  let module: { default?: unknown }
  try {
    module = (await import(pathToFileURL(file).href)) as typeof module
  } catch (cause) {
    if (cause instanceof GatecrashError && cause.code === 'component_missing') throw cause
    // A builder refused what it was given: which line gave it is in the stack.
    if (cause instanceof GatecrashError) {
      const line = cause.stack?.split('\n').find((text) => text.includes(file) || text.includes(pathToFileURL(file).href))
      const place = /:(\d+):\d+\)?$/.exec(line ?? '')?.[1]
      throw new GatecrashError('invalid_scenario', `${source}${place === undefined ? '' : `:${place}`}: ${cause.message}`, { cause })
    }
    const [name, message] = cause instanceof Error ? [cause.name, cause.message] : ['it threw', String(cause)]
    throw new GatecrashError('invalid_scenario', `${source} could not be loaded: ${name}: ${message}`, { cause })
  }
  const scenario = module.default as Partial<Scenario> | undefined
  if (typeof scenario?.name === 'string' && typeof scenario.input === 'object' && scenario.input !== null) return scenario as Scenario
  throw new GatecrashError('invalid_scenario', `${source}: its default export must be what scenario(name, { … }) returns`)
}
