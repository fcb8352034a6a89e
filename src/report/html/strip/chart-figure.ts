// One chart of the strip: a sentence that says what it shows, the rows, and the numbers behind them as a table.
import { h, type Content, type Element } from '../element.ts'
import { count } from '../../../kernel/wording.ts'

export interface DataTable {
  columns: string[]
  rows: string[][]
}

const ROWS_SHOWN = 60

export function chart(name: string, sentence: string, rows: Content, data: DataTable): Element {
  return h('figure', { 'aria-label': name }, h('figcaption', null, h('b', null, name), ' ', sentence), rows, dataTable(name, data))
}

/** At most 60 rows: one in so many of a longer series, and the caption says so. */
function dataTable(name: string, { columns, rows }: DataTable): Element {
  const step = Math.ceil(rows.length / ROWS_SHOWN)
  const shown = step > 1 ? rows.filter((_, at) => at % step === 0) : rows
  const title = `${name}: data`
  return h(
    'details',
    { class: 'data' },
    h('summary', { 'aria-label': title }, 'data'),
    h(
      'div',
      { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': title },
      h(
        'table',
        null,
        h('caption', null, step > 1 ? `${title}, one row in ${step} of ${count(rows.length)}` : title),
        h(
          'thead',
          null,
          h(
            'tr',
            null,
            columns.map((column, at) => h('th', { scope: 'col', class: at > 0 ? 'number' : undefined }, column)),
          ),
        ),
        h(
          'tbody',
          null,
          shown.map(([first, ...others]) =>
            h(
              'tr',
              null,
              h('th', { scope: 'row' }, first),
              others.map((cell) => h('td', { class: 'number' }, cell)),
            ),
          ),
        ),
      ),
    ),
  )
}
