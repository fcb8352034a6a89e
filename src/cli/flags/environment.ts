// Flags by variables of the environment: GATECRASH_SEED=7 stands for `--seed 7` where that is not given.
import { InvalidArgumentError } from 'commander'
import { suggest } from '../../kernel/validation.ts'
import type { Flag } from './flag.ts'

const PREFIX = 'GATECRASH_'

/** `--ready-path <path>` → `GATECRASH_READY_PATH`. */
export const variableOf = ({ flag }: Flag<unknown>): string =>
  PREFIX + flag.split(' ')[0]!.slice('--'.length).toUpperCase().replaceAll('-', '_')

/**
 * The value in the flag's variable. An empty variable is none: CI systems set what nobody filled in.
 * @throws InvalidArgumentError
 */
export function valueIn(environment: NodeJS.ProcessEnv, row: Flag<unknown>): { value: unknown } | undefined {
  const text = environment[variableOf(row)]
  if (text === undefined || text.trim() === '') return undefined
  if (!row.parse) return { value: yesOrNo(text) }
  const texts = row.repeatable ? text.split('\n').filter((line) => line.trim() !== '') : [text]
  return { value: texts.reduce((sofar: unknown, each) => row.parse?.(each.trim(), sofar), row.default) }
}

function yesOrNo(text: string): boolean {
  const known = new Map([
    ['1', true],
    ['true', true],
    ['0', false],
    ['false', false],
  ])
  const value = known.get(text.trim().toLowerCase())
  if (value === undefined) throw new InvalidArgumentError('give 1 or 0')
  return value
}

/** A line for each variable that looks like a slip of the keyboard: nothing reads it. Others of that prefix may be somebody else's. */
export function misspeltVariables(environment: NodeJS.ProcessEnv, rows: readonly Flag<unknown>[]): string[] {
  const known = rows.map((row) => variableOf(row))
  return Object.keys(environment)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .map((name) => ({ name, near: suggest(name, known) }))
    .filter(({ near }) => near.includes('did you mean'))
    .map(({ name, near }) => `${name} is the variable of no flag${near}`)
}
