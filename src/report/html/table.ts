// A table of the page: its headings, and its rows below them. On a narrow screen each row becomes a tile (style/).
import { type Content, type Element, html } from './html.ts'

/** Its name, and how its cells are set: `text`, `number`, or as they come. */
export type Column = readonly [name: string, kind: 'text' | 'number' | '']

/** `look`: classes of the table. */
export function table(
  columns: readonly Column[],
  rows: Content,
  { look = 'tiles', caption }: { look?: string; caption?: string } = {},
): Element {
  return html`<table class=${look}>
    ${
      caption !== undefined &&
      html`<caption>
        ${caption}
      </caption>`
    }
    <thead>
      <tr>
        ${columns.map(([name, kind]) => html`<th scope="col" class=${kind}>${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`
}
