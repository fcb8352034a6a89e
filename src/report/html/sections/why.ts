// Why the run did not pass: a card for each finding that did not, worst first, then for each guard that weakened the run.
import { h, type Element } from '../element.ts'
import type { Finding, Guard } from '../../../judge/verdict.ts'
import { count } from '../../../kernel/wording.ts'
import { bound, figure, interval, margin, measured } from '../../format.ts'
import { marks } from '../../result-marks.ts'
import { oneLine } from '../../plain-text.ts'
import type { Section } from './section.ts'

const CARDS = 5

export const why: Section = ({ verdict }) => {
  if (verdict.result === 'pass') return null
  const open = verdict.findings.filter((finding) => finding.result !== 'pass')
  const weak = verdict.guards.filter((guard) => !guard.ok)
  const hidden = open.length - CARDS
  return h(
    'section',
    { id: 'why' },
    h('h2', null, 'Why'),
    h(
      'div',
      { class: 'whys' },
      open.slice(0, CARDS).map(findingCard),
      hidden > 0 && h('p', { class: 'muted' }, `${hidden} more in the `, h('a', { href: '#verdict' }, 'verdict table'), '.'),
      weak.map(guardCard),
    ),
  )
}

function findingCard(finding: Finding): Element {
  const range = interval(finding)
  return h(
    'article',
    { class: `card ${finding.result}` },
    h(
      'h3',
      { class: 'result' },
      `${marks[finding.result].glyph} ${marks[finding.result].word} `,
      h('a', { href: `#${finding.id}` }, finding.id),
    ),
    h('p', { class: 'reason' }, sentence(oneLine(finding.why || finding.sentence))),
    h('p', { class: 'muted' }, 'Demanded: ', oneLine(finding.sentence)),
    h(
      'dl',
      null,
      pair('measured', measured(finding), 'measured'),
      range && pair('95 % bounds', range),
      pair('bound', bound(finding)),
      pair('margin', margin(finding)),
      pair(
        'samples',
        finding.needsMore === undefined ? count(finding.n) : `${count(finding.n)}, needs about ${count(finding.needsMore)} more`,
      ),
    ),
  )
}

function guardCard(guard: Guard): Element {
  return h(
    'article',
    { class: 'card inconclusive' },
    h('h3', { class: 'result' }, `${marks.inconclusive.glyph} validity `, h('a', { href: '#validity' }, oneLine(guard.id))),
    h('p', { class: 'reason' }, sentence(oneLine(guard.sentence))),
    guard.remedy && h('p', { class: 'muted' }, `Remedy: ${oneLine(guard.remedy)}`),
    h(
      'dl',
      null,
      pair('measured', figure(guard.measured, guard.unit), 'measured'),
      guard.bound !== null && pair('bound', figure(guard.bound, guard.unit)),
    ),
  )
}

function pair(name: string, value: string, kind?: string): Element[] {
  return [h('dt', null, name), h('dd', { class: kind }, value)]
}

/** Judges write findings to follow a colon; here they stand alone. A term such as p95 keeps its small letter. */
function sentence(text: string): string {
  const start = /^\p{L}{2}/u.test(text) ? text.charAt(0).toUpperCase() : text.charAt(0)
  return `${start}${text.slice(1)}${/[.!?…]$/.test(text) ? '' : '.'}`
}
