// One chart of the strip: a sentence that says what it shows, the rows, and the numbers behind them as a table.
import { html, type Content, type Element } from '../../html.ts'
import { count } from '../../../../kernel/wording.ts'

export interface DataTable {
  columns: string[]
  rows: string[][]
}

const ROWS_SHOWN = 60

export function chart(name: string, sentence: string, rows: Content, data: DataTable): Element {
  return html`
    <figure aria-label=${name}>
      <figcaption><b>${name}</b> ${sentence}</figcaption>
      ${rows} ${dataTable(name, data)}
    </figure>
  `
}

/** At most 60 rows: one in so many of a longer series, and the caption says so. */
function dataTable(name: string, { columns, rows }: DataTable): Element {
  const step = Math.ceil(rows.length / ROWS_SHOWN)
  const shown = step > 1 ? rows.filter((_, at) => at % step === 0) : rows
  const title = `${name}: data`
  return html`
    <details class="data">
      <summary aria-label=${title}>data</summary>
      <div class="table-scroll" tabindex="0" role="region" aria-label=${title}>
        <table>
          <caption>
            ${step > 1 ? `${title}, one row in ${step} of ${count(rows.length)}` : title}
          </caption>
          <thead>
            <tr>
              ${columns.map((column, at) => html`<th scope="col" class=${at > 0 ? 'number' : undefined}>${column}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${shown.map(
              ([first, ...others]) =>
                html`<tr>
                  <th scope="row">${first}</th>
                  ${others.map((cell) => html`<td class="number">${cell}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  `
}
