// The verdict table: every criterion with what was measured, what was allowed, and how far apart they are.
import { type Content, h, type Element } from '../element.ts'
import type { Finding } from '../../../judge/verdict.ts'
import { count } from '../../../kernel/wording.ts'
import { bound, interval, margin, measured, windowText } from '../../format.ts'
import { markOf, marks } from '../../result-marks.ts'
import { oneLine } from '../../plain-text.ts'
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
          { class: 'tiles cards' },
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
]

function row(finding: Finding): Element {
  const mark = markOf(finding)
  const range = interval(finding)
  const cell = (name: string, ...content: Content[]): Element =>
    h('td', { class: 'number', 'data-label': name }, h('span', null, ...content))
  return h(
    'tr',
    { id: finding.id, class: mark },
    h('td', { class: 'result bare half' }, h('span', null, `${marks[mark].glyph} ${marks[mark].word}`)),
    h('td', { class: 'bare' }, h('a', { href: `#${finding.id}` }, finding.id)),
    criterionCell(finding),
    h('td', { 'data-label': 'window' }, windowCell(finding)),
    cell('n', count(finding.n)),
    cell('measured', h('b', null, measured(finding)), range && h('span', { class: 'sub' }, range)),
    cell('bound', bound(finding)),
    cell('margin', margin(finding), meter(finding.margin)),
  )
}

function criterionCell({ sentence, why, source }: Finding): Element {
  return h(
    'th',
    { scope: 'row', class: 'text criterion' },
    h('span', null, oneLine(sentence)),
    why && h('span', { class: 'sub' }, oneLine(why)),
    source && h('span', { class: 'sub' }, h('code', null, oneLine(`${source.file}:${source.line}`))),
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
