// What `gatecrash explain --seed` prints, from the flag's row.
import { GatecrashError } from '../../kernel/errors.ts'
import { suggest } from '../../kernel/validation.ts'
import { variableOf } from './environment.ts'
import type { Flag } from './flag.ts'
import { rowsOf, written } from './flags.ts'

const nameOf = ({ flag }: Flag<unknown>): string => flag.split(' ')[0] ?? flag

/** @throws GatecrashError `usage` for a flag that there is not */
export function explainFlag(asked: string): string {
  const rows = rowsOf({})
  const found = rows.find(({ row }) => nameOf(row) === asked.split('=')[0])
  if (!found) {
    const near = suggest(
      asked,
      rows.map(({ row }) => nameOf(row)),
    )
    throw new GatecrashError('usage', `no flag is called "${asked}"${near}`)
  }
  const { row, value } = found
  const standard = row.parse ? written(row, value).join(', ') : ''
  return [
    `${row.flag} (flag)`,
    `  is            ${row.text}`,
    `  of            ${row.commands.join(', ')}`,
    ...(standard === '' ? [] : [`  default       ${standard}`]),
    `  variable      ${variableOf(row)}${row.repeatable ? ', a value a line' : ''}`,
  ].join('\n')
}

export function explainableFlags(): string {
  return ['Flags', ...rowsOf({}).map(({ row }) => `  ${nameOf(row)}`)].join('\n')
}
