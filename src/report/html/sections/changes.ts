// What changed against the run before: what somebody changed, and what got better or worse.
import { plural } from '../../../kernel/wording.ts'
import { changeLines, changeWords, countsText } from '../../comparison-text.ts'
import { oneLine } from '../../plain-text.ts'
import { html, type Element } from '../html.ts'
import { type Column, table } from '../table.ts'
import type { Section } from './section.ts'

const ROWS = 20
const CHANGES = 10

export const changes: Section = {
  id: 'changes',
  name: 'Changes',
  title: 'What changed against the run before',
  render({ comparison }) {
    if (comparison === undefined) return null
    const { before, changed } = comparison
    const lines = changeLines(comparison)
    return html`
      <p class="note">
        ${`The run before started ${oneLine(before.startedAt.replace(/\.\d+Z$/, 'Z'))}, and its verdict was ${before.result}. ${countsText(comparison)}`}
      </p>
      ${
        changed.length === 0
          ? html`<p class="note">Nothing was changed between them that is known of.</p>`
          : html`<ul class="remarks">
              ${changed.slice(0, CHANGES).map((each) => html`<li>${oneLine(each, 200)}</li>`)}
              ${changed.length > CHANGES && html`<li>and ${plural(changed.length - CHANGES, 'more change')}</li>`}
            </ul>`
      }
      ${lines.length > 0 && table(columns, lines.slice(0, ROWS).map(row))}
      ${lines.length > ROWS && html`<p class="note">And ${plural(lines.length - ROWS, 'more')}: gatecrash compare lists all.</p>`}
    `
  },
}

const columns: Column[] = [
  ['change', ''],
  ['what', 'text'],
  ['before', 'number'],
  ['now', 'number'],
]

const looks = {
  worse: ['fail', '✗'],
  untold: ['inconclusive', '?'],
  better: ['pass', '✓'],
  within_noise: ['', ''],
  too_few: ['', ''],
} as const

const row = ({ name, change, before, now }: ReturnType<typeof changeLines>[number]): Element => html`
  <tr class=${looks[change][0]}>
    <td class="result bare wide"><span>${looks[change][1]} ${changeWords[change]}</span></td>
    <th scope="row" class="text"><span>${oneLine(name, 200)}</span></th>
    <td class="number half" data-label="before"><span>${oneLine(before)}</span></td>
    <td class="number half" data-label="now"><span>${oneLine(now)}</span></td>
  </tr>
`
