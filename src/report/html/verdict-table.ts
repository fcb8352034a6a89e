// The verdict table: every criterion with what was measured, what was allowed, and how far apart they are.
import { h, type Element } from './element.ts'
import type { Finding } from '../../judge/verdict.ts'
import { bound, count, interval, margin, measured, windowText } from '../figures.ts'
import { markOf, marks } from '../marks.ts'
import { oneLine } from '../plain-text.ts'
import type { Section } from './section.ts'

export const verdictTable: Section = ({ verdict }) =>
  h(
    'section',
    { id: 'verdict' },
    h('h2', null, 'Verdict'),
    verdict.findings.length === 0
      ? h('p', { class: 'note' }, 'This scenario declares no criteria: there is nothing it could pass or fail.')
      : h(
          'table',
          { class: 'cards' },
          h(
            'thead',
            null,
            h(
              'tr',
              null,
              columns.map(([name, kind]) => h('th', { scope: 'col', class: kind }, name)),
            ),
          ),
          h('tbody', null, verdict.findings.map(row)),
        ),
  )

const columns: [name: string, kind: string][] = [
  ['result', ''],
  ['id', ''],
  ['criterion', 'text'],
  ['window', ''],
  ['n', 'number'],
  ['measured', 'number'],
  ['bound', 'number'],
  ['margin', 'number'],
  ['declared at', ''],
]

function row(finding: Finding): Element {
  const mark = markOf(finding)
  const range = interval(finding)
  const place = finding.source ? `${finding.source.file}:${finding.source.line}` : ''
  return h(
    'tr',
    { id: finding.id, class: mark },
    h('td', { class: 'result', 'data-label': 'result' }, h('span', null, `${marks[mark].glyph} ${marks[mark].word}`)),
    h('td', { 'data-label': 'id' }, h('a', { href: `#${finding.id}` }, finding.id)),
    h(
      'th',
      { scope: 'row', class: 'text', 'data-label': 'criterion' },
      h('span', null, oneLine(finding.sentence), finding.why && h('span', { class: 'sub' }, oneLine(finding.why))),
    ),
    h('td', { 'data-label': 'window' }, windowCell(finding)),
    h('td', { class: 'number', 'data-label': 'n' }, h('span', null, count(finding.n))),
    h(
      'td',
      { class: 'number', 'data-label': 'measured' },
      h('span', null, h('b', null, measured(finding)), range && h('span', { class: 'sub' }, range)),
    ),
    h('td', { class: 'number', 'data-label': 'bound' }, h('span', null, bound(finding))),
    h('td', { class: 'number', 'data-label': 'margin' }, h('span', null, margin(finding), meter(finding.margin))),
    h('td', { class: 'text', 'data-label': 'declared at' }, h('span', { class: 'sub' }, oneLine(place) || '–')),
  )
}

function windowCell(finding: Finding): Element {
  const [phases, seconds] = windowText(finding.window).split(' · ')
  return h('span', null, phases, seconds && h('span', { class: 'sub nowrap' }, seconds))
}

const HALF = 32

/** The margin as a bar: the line in the middle is the bound, right of it is room left, left of it is overshoot; ±100 % fills a half. */
function meter(value: number | null): Element | null {
  if (value === null || !Number.isFinite(value)) return null
  const length = Math.max(1, Math.min(1, Math.abs(value)) * HALF)
  return h(
    'svg',
    { class: 'meter', viewBox: `0 0 ${2 * HALF} 12`, 'aria-hidden': 'true' },
    h('rect', { class: 'track', x: 0, y: 4, width: 2 * HALF, height: 4, rx: 2 }),
    h('rect', { x: value < 0 ? HALF - length : HALF, y: 3, width: length, height: 6, rx: 1 }),
    h('line', { x1: HALF, x2: HALF, y1: 0, y2: 12 }),
  )
}
