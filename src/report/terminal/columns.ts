// Tables without borders: columns lined up, numbers to the right, colour codes not counted.
import Table from 'cli-table3'

const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

export interface Column {
  name: string
  align?: 'left' | 'right'
  /** Cells wider than this are cut with an ellipsis. */
  width?: number
}

/** Lines, the column names first, without blanks at their ends. */
export function columns(shape: readonly Column[], rows: readonly string[][], head: (text: string) => string): string[] {
  const table = new Table({
    chars: noLines,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    head: shape.map((column) => head(column.name)),
    colAligns: shape.map((column) => column.align ?? 'left'),
    colWidths: shape.map((column) => column.width ?? null),
  })
  table.push(...rows)
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
}
