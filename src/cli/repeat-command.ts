// The command that repeats a run, in the form in which it is typed. Which flags it holds is said by their rows.
import { join, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Plan } from '../plan/plan.ts'
import { isFoundByName } from '../project/find-scenario.ts'
import { withoutSecrets } from '../run/redact.ts'
import type { Flag } from './flags/flag.ts'
import { type SomeValues, rowsOf, written } from './flags/flags.ts'

export function repeatCommand(plan: Plan, values: SomeValues): string {
  const isListed = isFoundByName(plan.scenario, plan.source)
  // A file of the working directory is told from a name by its slash.
  const file = plan.source.includes('/') ? plan.source : `./${plan.source}`
  const words = rowsOf(values).flatMap(({ row, value }) => repeated(row, value))
  return [invocation(), isListed ? plan.scenario : quoted(file), ...words].join(' ')
}

/** How this program was reached: as an installed package, in its own repository, or from elsewhere. */
function invocation(): string {
  if (import.meta.filename.endsWith('.js')) return 'npx gatecrash run'
  const repository = resolve(import.meta.dirname, '../..')
  return process.cwd() === repository ? 'npm run scenario --' : `node ${quoted(join(import.meta.dirname, 'main.ts'))} run`
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
