// The verdict table: every criterion with what was measured, what was allowed, and how far apart they are.
import { type Content, html, type Element } from '../html.ts'
import { type Column, table } from '../table.ts'
import type { Finding } from '../../../judge/verdict.ts'
import { count } from '../../../kernel/wording.ts'
import { bound, interval, margin, measured, windowText } from '../../format.ts'
import { markOf, marks } from '../../result-marks.ts'
import { oneLine } from '../../plain-text.ts'
import type { Section } from './section.ts'

export const verdictTable: Section = {
  id: 'verdict',
  name: 'Verdict',
  title: 'Verdict',
  render({ verdict }) {
    return html`
      ${
        verdict.findings.length === 0
          ? html`<p class="note">This scenario declares no criteria: there is nothing it could pass or fail.</p>`
          : table(columns, verdict.findings.map(row), { look: 'tiles cards' })
      }
    `
  },
}

const columns: Column[] = [
  ['result', ''],
  ['id', ''],
  ['criterion', 'text'],
  ['window', ''],
  ['n', 'number'],
  ['measured', 'number'],
  ['bound', 'number'],
  ['margin', 'number'],
]

function row(finding: Finding): Element {
  const mark = markOf(finding)
  const range = interval(finding)
  const cell = (name: string, ...content: Content[]): Element => html`<td class="number" data-label=${name}><span>${content}</span></td>`
  return html`
    <tr id=${finding.id} class=${mark}>
      <td class="result bare half"><span>${marks[mark].glyph} ${marks[mark].word}</span></td>
      <td class="bare"><a href="#${finding.id}">${finding.id}</a></td>
      ${criterionCell(finding)}
      <td data-label="window">${windowCell(finding)}</td>
      ${cell('n', count(finding.n))}
      ${cell('measured', html`<b>${measured(finding)}</b>`, range && html`<span class="sub">${range}</span>`)}
      ${cell('bound', bound(finding))} ${cell('margin', margin(finding), meter(finding.margin))}
    </tr>
  `
}

function criterionCell({ sentence, why, source }: Finding): Element {
  return html`
    <th scope="row" class="text criterion">
      <span>${oneLine(sentence)}</span>
      ${why && html`<span class="sub">${oneLine(why, 1000)}</span>`}
      ${source && html`<span class="sub"><code>${oneLine(`${source.file}:${source.line}`)}</code></span>`}
    </th>
  `
}

function windowCell(finding: Finding): Element {
  const [phases, seconds] = windowText(finding.window).split(' · ')
  return html`<span>${phases}${seconds && html`<span class="sub nowrap">${seconds}</span>`}</span>`
}

const HALF = 32

/** The margin as a bar. The middle line is the bound, margin left extends to the right, violation to the left; 100 % fills a half. */
function meter(value: number | null): Element | null {
  if (value === null || !Number.isFinite(value)) return null
  const length = Math.max(1, Math.min(1, Math.abs(value)) * HALF)
  return html`
    <svg class="meter" viewBox="0 0 ${2 * HALF} 12" aria-hidden="true">
      <rect class="track" x="0" y="4" width=${2 * HALF} height="4" rx="2" />
      <rect x=${value < 0 ? HALF - length : HALF} y="3" width=${length} height="6" rx="1" />
      <line x1=${HALF} x2=${HALF} y1="0" y2="12" />
    </svg>
  `
}
