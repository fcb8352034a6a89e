// The files that are scenarios: those of ./scenarios, then those that the package brings. A file's name is the story's.
//
//   scenarios/ of the working directory ──▶ the package's own scenarios/        the first of a name counts
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface ScenarioFile {
  name: string
  /** Absolute. */
  file: string
  of: 'project' | 'package'
}

/** What Node loads as it is, types included. */
const endings = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'] as const

export const FOLDER = 'scenarios'

/** Beside `src` in the sources, and beside the compiled one in the package. */
const ofPackage = fileURLToPath(new URL(`../../${FOLDER}`, import.meta.url))

/** Sorted by name, the project's first. Two files of the project that have one name are both there. */
export function scenarioFiles(): ScenarioFile[] {
  const own = filesIn(FOLDER, 'project')
  if (own.length > 0 && realpathSync(FOLDER) === realpathSync(ofPackage)) return own
  const names = new Set(own.map(({ name }) => name))
  return [...own, ...filesIn(ofPackage, 'package').filter(({ name }) => !names.has(name))]
}

/** `steady` of `scenarios/steady.mts`; undefined for a file of another kind. */
export function scenarioNameOf(file: string): string | undefined {
  const name = /([^/]+)$/.exec(file)?.[1] ?? ''
  const ending = endings.find((each) => name.endsWith(each))
  const stem = ending && name.slice(0, -ending.length)
  // Of x.d.ts and x.test.ts none is a scenario: no name has a dot.
  return stem && !stem.includes('.') ? stem : undefined
}

function filesIn(folder: string, of: ScenarioFile['of']): ScenarioFile[] {
  if (!existsSync(folder)) return []
  const found = readdirSync(folder).flatMap((entry) => {
    const name = scenarioNameOf(entry)
    return name === undefined ? [] : [{ name, file: resolve(folder, entry), of }]
  })
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
