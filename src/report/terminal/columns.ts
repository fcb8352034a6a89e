// Tables without borders: columns lined up, numbers to the right, colour codes not counted.
import stringWidth from 'string-width'

export interface Column {
  name: string
  align?: 'left' | 'right'
  /** Cells wider than this are cut with an ellipsis. Such cells hold no colour codes. */
  width?: number
}

const GAP = '  '

/** Lines, the column names first, without blanks at their ends. */
export function columns(shape: readonly Column[], rows: readonly string[][], head: (text: string) => string): string[] {
  const names = shape.map(({ name }) => name)
  const cells = rows.map((row) => shape.map(({ width }, at) => (width === undefined ? row[at]! : shortened(row[at]!, width))))
  const widths = shape.map(({ width }, at) => width ?? Math.max(...[names, ...cells].map((row) => stringWidth(row[at]!))))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => {
        const blanks = ' '.repeat(Math.max(0, widths[at]! - stringWidth(cell)))
        return shape[at]!.align === 'right' ? blanks + cell : cell + blanks
      })
      .join(GAP)
  return [line(names.map((name) => head(name))), ...cells.map(line)].map((text) => text.trimEnd())
}

/** Cut before a word, unless nothing would be left. */
function shortened(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  const kept = Array.from(text)
  while (stringWidth(kept.join('')) > width - 1) kept.pop()
  const isBetweenWords = /\s/.test(text.charAt(kept.join('').length))
  return `${isBetweenWords ? kept.join('') : kept.join('').replace(/(?<=\S)\s+\S*$/, '')}…`
}
