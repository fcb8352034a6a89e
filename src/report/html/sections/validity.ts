// "Was this run valid?": the guards, each with what was measured and what it should have been.
import { h, type Element } from '../element.ts'
import type { Evidence } from '../../../evidence/evidence.ts'
import type { Guard } from '../../../judge/verdict.ts'
import { moment } from '../../../kernel/wording.ts'
import { figure } from '../../format.ts'
import { marks } from '../../result-marks.ts'
import { oneLine } from '../../plain-text.ts'
import type { Section } from './section.ts'

const REMARKS = 20

export const validity: Section = ({ verdict, evidence }) => {
  const failed = verdict.guards.filter((guard) => !guard.ok).length
  const answer =
    verdict.guards.length === 0
      ? 'No guard was evaluated, so nothing here speaks for the numbers above.'
      : failed === 0
        ? `Yes: all ${verdict.guards.length} checks held.`
        : `Not wholly: ${failed} of ${verdict.guards.length} checks did not hold.`
  return h(
    'section',
    { id: 'validity' },
    h('h2', null, 'Was this run valid?'),
    h('p', { class: 'note' }, answer),
    verdict.guards.length > 0 &&
      h(
        'table',
        { class: 'tiles' },
        h(
          'thead',
          null,
          h(
            'tr',
            null,
            columns.map(([name, kind]) => h('th', { scope: 'col', class: kind }, name)),
          ),
        ),
        // What did not hold comes first: it is what a reader must know.
        h('tbody', null, [...verdict.guards].toSorted((a, b) => Number(a.ok) - Number(b.ok)).map(row)),
      ),
    remarks(evidence),
  )
}

/** What happened beside the plan: processes that ended by themselves, and what the stage had to note. */
function remarks({ died, notes }: Evidence): Element | null {
  const lines = [
    ...died.map((end) => ({
      atMs: end.atMs,
      text: `${end.role} ended by itself (${end.signal ?? `code ${end.code}`})${end.stderr ? `: ${end.stderr}` : ''}`,
    })),
    ...notes.map((note) => ({ atMs: note.atMs, text: note.text })),
  ]
  if (lines.length === 0) return null
  const shown = lines.toSorted((a, b) => a.atMs - b.atMs).slice(0, REMARKS)
  return h(
    'ul',
    { class: 'remarks' },
    shown.map(({ atMs, text }) => h('li', null, h('b', null, moment(atMs, 2)), ' ', oneLine(text))),
  )
}

const columns: [name: string, kind: string][] = [
  ['result', ''],
  ['check', 'text'],
  ['measured', 'number'],
  ['bound', 'number'],
  ['bends measurements', ''],
]

const biases: Record<Guard['bias'], string> = {
  slower: 'can only add latency',
  blind: 'can only hide failures',
  none: '–',
}

function row(guard: Guard): Element {
  const mark = guard.ok ? 'pass' : 'inconclusive'
  return h(
    'tr',
    { class: mark },
    h('td', { class: 'result wide bare' }, h('span', null, `${marks[mark].glyph} ${guard.ok ? 'held' : 'not held'}`)),
    h(
      'th',
      { scope: 'row', class: 'text' },
      h(
        'span',
        null,
        oneLine(guard.sentence),
        !guard.ok && guard.remedy && h('span', { class: 'sub' }, `Remedy: ${oneLine(guard.remedy)}`),
      ),
    ),
    h('td', { class: 'number', 'data-label': 'measured' }, h('span', null, figure(guard.measured, guard.unit))),
    h('td', { class: 'number', 'data-label': 'bound' }, h('span', null, figure(guard.bound, guard.unit))),
    h('td', { class: 'nowrap muted half', 'data-label': 'bends measurements' }, h('span', null, biases[guard.bias])),
  )
}
