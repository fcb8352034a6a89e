// "Was this run valid?": the validity checks, each with what was measured and what it should have been.
import { html, type Element } from '../html.ts'
import { type Column, table } from '../table.ts'
import { deathsOf } from '../../../evidence/events/process.ts'
import type { Evidence } from '../../../evidence/evidence.ts'
import type { ValidityCheck } from '../../../judge/verdict.ts'
import { moment } from '../../../kernel/wording.ts'
import { figure } from '../../format.ts'
import { marks } from '../../result-marks.ts'
import { oneLine } from '../../plain-text.ts'
import type { Section } from './section.ts'

const REMARKS = 20

export const validity: Section = {
  id: 'validity',
  name: 'Validity',
  title: 'Was this run valid?',
  // With no request at all, whether the run was valid is the first question.
  comesFirst: ({ evidence }) => evidence.requests.length === 0,
  render({ verdict, evidence }) {
    const failed = verdict.validity.filter((check) => !check.ok).length
    const answer =
      verdict.validity.length === 0
        ? 'No check was evaluated, so nothing here speaks for the numbers above.'
        : failed === 0
          ? `Yes: all ${verdict.validity.length} checks held.`
          : `Not wholly: ${failed} of ${verdict.validity.length} checks did not hold.`
    return html`
      <p class="note">${answer}</p>
      ${verdict.validity.length > 0 && table(columns, failedFirst(verdict.validity).map(row))} ${remarks(evidence)}
    `
  },
}

/** What did not hold comes first: it is what a reader must know. */
const failedFirst = (checks: readonly ValidityCheck[]): ValidityCheck[] => checks.toSorted((a, b) => Number(a.ok) - Number(b.ok))

/** What happened beside the plan: processes that ended by themselves, and what the stage had to note. */
function remarks({ processes, notes }: Evidence): Element | null {
  const lines = [
    ...deathsOf(processes).map((end) => ({
      atMs: end.atMs,
      text: `${end.role} ended by itself (${end.signal ?? `code ${end.code}`})${end.stderr ? `: ${end.stderr}` : ''}`,
    })),
    ...notes.map((note) => ({ atMs: note.atMs, text: note.text })),
  ]
  if (lines.length === 0) return null
  const shown = lines.toSorted((a, b) => a.atMs - b.atMs).slice(0, REMARKS)
  return html`<ul class="remarks">
    ${shown.map(({ atMs, text }) => html`<li><b>${moment(atMs, 2)}</b> ${oneLine(text)}</li>`)}
  </ul>`
}

const columns: Column[] = [
  ['result', ''],
  ['check', 'text'],
  ['measured', 'number'],
  ['bound', 'number'],
  ['bends measurements', ''],
]

const biases: Record<ValidityCheck['bias'], string> = {
  slower: 'can only add latency',
  blind: 'can only hide failures',
  none: '–',
}

function row(check: ValidityCheck): Element {
  const mark = check.ok ? 'pass' : 'inconclusive'
  return html`
    <tr class=${mark}>
      <td class="result wide bare"><span>${marks[mark].glyph} ${check.ok ? 'held' : 'not held'}</span></td>
      <th scope="row" class="text">
        <span>
          ${oneLine(check.sentence)} ${!check.ok && check.remedy && html`<span class="sub">Remedy: ${oneLine(check.remedy, 1000)}</span>`}
        </span>
      </th>
      <td class="number" data-label="measured"><span>${figure(check.measured, check.unit)}</span></td>
      <td class="number" data-label="bound"><span>${figure(check.bound, check.unit)}</span></td>
      <td class="nowrap muted half" data-label="bends measurements"><span>${biases[check.bias]}</span></td>
    </tr>
  `
}
