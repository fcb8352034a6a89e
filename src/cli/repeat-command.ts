// The command that repeats a run, in the form in which it is typed. Which flags it holds is said by their rows.
import { isDeepStrictEqual } from 'node:util'
import type { Plan } from '../plan/plan.ts'
import { withoutSecrets } from '../run/redact.ts'
import type { Flag } from './flags/flag.ts'
import { type SomeValues, rowsOf, written } from './flags/flags.ts'

export function repeatCommand(plan: Plan, values: SomeValues): string {
  const isListed = plan.source === `scenarios/${plan.scenario}.ts`
  const words = rowsOf(values).flatMap(({ row, value }) => repeated(row, value))
  return ['npm run scenario --', isListed ? plan.scenario : quoted(plan.source), ...words].join(' ')
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
