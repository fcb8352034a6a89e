// The command that repeats a run, in the form in which it is typed. Which flags it holds is said by their rows.
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import type { Plan } from '../plan/plan.ts'
import { isFoundByName } from '../project/find-scenario.ts'
import { withoutSecrets } from '../plan/redact.ts'
import type { Flag } from './flags/flag.ts'
import { type SomeValues, rowsOf, written } from './flags/flags.ts'

export function repeatCommand(plan: Plan, values: SomeValues): string {
  const isListed = isFoundByName(plan.scenario, plan.source)
  // A file of the working directory is told from a name by its slash.
  const file = plan.source.includes('/') ? plan.source : `./${plan.source}`
  return [invocation(), isListed ? plan.scenario : quoted(file), ...flagWords(values)].join(' ')
}

/** The command that tunes again: the words that name scenarios, and the flags. */
export function tuneAgainCommand(words: readonly string[], values: SomeValues): string {
  const ofRun = invocation()
  const program = ofRun.startsWith('npm run') ? 'npm run gatecrash --' : ofRun.slice(0, -' run'.length)
  return [program, 'tune', ...words.map((word) => quoted(word)), ...flagWords(values)].join(' ')
}

const flagWords = (values: SomeValues): string[] => rowsOf(values).flatMap(({ row, value }) => repeated(row, value))

/** As npm scripts where the project has them, as a package that is installed, or as a file from elsewhere. */
function invocation(): string {
  const isInstalled = import.meta.filename.endsWith('.js')
  const main = join(import.meta.dirname, 'main.ts')
  const program = isInstalled ? 'gatecrash' : `node ${relative(process.cwd(), main)}`
  const scripts = scriptsHere()
  // Other remedies are said with the second one.
  if (scripts['scenario'] === `${program} run` && scripts['gatecrash'] === program) return 'npm run scenario --'
  return isInstalled ? 'npx gatecrash run' : `node ${quoted(main)} run`
}

const withScripts = z.looseObject({ scripts: z.record(z.string(), z.string()) })

/** The npm scripts of the working directory, where npm would run them. */
function scriptsHere(): Readonly<Record<string, string>> {
  try {
    return withScripts.parse(JSON.parse(readFileSync('package.json', 'utf8'))).scripts
  } catch {
    return {}
  }
}

function repeated(row: Flag<unknown>, value: unknown): string[] {
  const isHeld = row.repeat === 'always' || (row.repeat === 'changed' && !isDeepStrictEqual(value, row.default))
  if (!isHeld) return []
  const [name = ''] = row.flag.split(' ')
  if (!row.parse) return [name]
  // Secrets are taken out before anything is quoted: inside quotes they would be harder to see.
  return written(row, value).map((word) => `${name} ${quoted(withoutSecrets(word))}`)
}

/** As a shell takes it for one word, with nothing in it expanded. */
function quoted(word: string): string {
  if (/^[\w./:=@%+,-]+$/.test(word)) return word
  return /["'$`\\!]/.test(word) ? `'${word.replaceAll("'", String.raw`'\''`)}'` : `"${word}"`
}
