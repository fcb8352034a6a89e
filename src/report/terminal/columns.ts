// Tables without borders: columns lined up, numbers to the right, colour codes not counted.
import stringWidth from 'string-width'
import { wrapped } from './wrapped.ts'

export interface Column {
  name: string
  align?: 'left' | 'right'
  /** Cells wider than this are wrapped. Such cells hold no colour codes. */
  width?: number
}

const GAP = '  '

/** Lines, the column names first, without blanks at their ends. */
export function columns(shape: readonly Column[], rows: readonly string[][], head: (text: string) => string): string[] {
  const names = shape.map(({ name }) => name)
  const lines = rows.flatMap((row) => linesOf(row, shape))
  const widths = shape.map(({ width }, at) => width ?? Math.max(...[names, ...lines].map((row) => stringWidth(row[at]!))))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => {
        const blanks = ' '.repeat(Math.max(0, widths[at]! - stringWidth(cell)))
        return shape[at]!.align === 'right' ? blanks + cell : cell + blanks
      })
      .join(GAP)
  return [line(names.map((name) => head(name))), ...lines.map(line)].map((text) => text.trimEnd())
}

/** One row as lines: the other cells stand on the first. */
function linesOf(row: readonly string[], shape: readonly Column[]): string[][] {
  const parts = row.map((cell, at) => (shape[at]?.width === undefined ? [cell] : wrapped(cell, shape[at].width)))
  const height = Math.max(...parts.map(({ length }) => length))
  return Array.from({ length: height }, (_, nth) => parts.map((part) => part[nth] ?? ''))
}
