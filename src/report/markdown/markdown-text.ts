// Pieces of Markdown, as GitHub and GitLab show it. Text that is not ours is shown as it is: it makes no heading, link, image,
// mention, element or cell of a table. A test holds this against a real parser.
import { oneLine, plainText } from '../plain-text.ts'

/** Text for a paragraph, an item or a cell: one line. */
export function words(text: string, longest = 400): string {
  return (
    oneLine(text, longest)
      .replaceAll(/[\\`*_[\]<>|~$&#!{}]/g, String.raw`\$&`)
      // Addresses become links by themselves.
      .replaceAll(/:(?=\/\/)/g, String.raw`\:`)
      .replaceAll(/(?<=\bwww)\./gi, String.raw`\.`)
      // A mention would call people, wherever the text is posted: a zero-width space ends it.
      .replaceAll(/@(?=\w)/g, '@\u200B')
  )
}

/** A path or a name in the type of code: one line, not for a cell. */
export function code(text: string): string {
  const line = oneLine(text, 1000)
  const fence = '`'.repeat(longestRun(line) + 1)
  const blank = /^`|`$/.test(line) || line === '' ? ' ' : ''
  return `${fence}${blank}${line}${blank}${fence}`
}

/** Lines to be copied or looked at as they are. */
export function codeBlock(text: string, language: 'sh' | 'text'): string {
  const body = plainText(text, 8000)
  const fence = '`'.repeat(Math.max(3, longestRun(body) + 1))
  return `${fence}${language}\n${body}\n${fence}`
}

/** Cells are Markdown already. */
export function table(columns: readonly { name: string; align?: 'right' }[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    line(columns.map(({ name }) => name)),
    line(columns.map(({ align }) => (align === 'right' ? '--:' : '---'))),
    ...rows.map((row) => line(row)),
  ].join('\n')
}

/** Hidden until it is asked for. `title` is plain text of ours. */
export function details(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`
}

const longestRun = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
