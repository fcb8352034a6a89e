// Values of flags as a project's config gives them: read as if they were typed, and checked with the rest of the config.
import { InvalidArgumentError } from 'commander'
import type { Problem } from '../../kernel/errors.ts'
import { shown, suggest } from '../../kernel/validation.ts'
import type { Project } from '../../project/project.ts'
import type { Flag } from '../flags/flag.ts'
import { type SomeValues, rowsOf } from '../flags/flags.ts'

type Written = Project['flags'][string]

/** Flags that have a place of their own in the config. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ['gateway', 'gateway'],
  ['readyPath', 'gateway.readyPath'],
  ['readyWithin', 'gateway.readyWithin'],
  ['rate', 'rate'],
  ['expect', 'expects'],
])

/** Adds a problem for each that is no flag, or that is no value of one. */
export function configuredFlags(flags: Project['flags'], problems: Problem[]): SomeValues {
  const rows = new Map(rowsOf({}).map(({ name, row }) => [name, row]))
  const read = Object.entries(flags).flatMap(([name, written]): [string, unknown][] => {
    const path = `flags.${name}`
    const row = rows.get(name)
    const place = elsewhere.get(name)
    if (!row) problems.push({ path, message: `unknown flag "${name}"${suggest(name, [...rows.keys()])}` })
    else if (place !== undefined) problems.push({ path, message: `has a place of its own: write it as \`${place}\`` })
    else {
      const value = valueOf(row, written)
      if (value instanceof InvalidArgumentError) problems.push({ path, message: `${value.message}, got ${shown(written)}` })
      else return [[name, value]]
    }
    return []
  })
  // Each value was read by its own row, which the names cannot say.
  return Object.fromEntries(read) as SomeValues
}

function valueOf(row: Flag<unknown>, written: Written): unknown {
  if (!row.parse) return typeof written === 'boolean' ? written : new InvalidArgumentError('must be true or false')
  const texts = typeof written === 'object' ? written : [written]
  try {
    return texts.reduce<unknown>((sofar, text) => row.parse?.(String(text), sofar), row.default)
  } catch (error) {
    if (error instanceof InvalidArgumentError) return error
    throw error
  }
}
