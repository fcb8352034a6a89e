// Every breaker transition that the gateway reported, in order: what a lane of the strip can only hint at.
import type { BreakerState } from '../../../contract/breaker-events.ts'
import type { Transition } from '../../../evidence/evidence.ts'
import { moment } from '../../../kernel/wording.ts'
import { stateWords } from '../../result-marks.ts'
import { oneLine } from '../../plain-text.ts'
import { h, type Element } from '../element.ts'
import type { Section } from './section.ts'

// A breaker that flaps for minutes would fill the page; the journal has them all.
const ROWS = 200

export const transitionsTable: Section = ({ evidence }) => {
  const { transitions } = evidence
  const silent = evidence.notes.some((note) => note.code === 'events_unavailable')
  const nothing = silent ? 'The gateway exposed no breaker events.' : 'No breaker changed its state.'
  return h(
    'section',
    { id: 'transitions' },
    h('h2', null, 'Breaker transitions'),
    transitions.length === 0
      ? h('p', { class: 'note' }, nothing)
      : h(
          'table',
          { class: 'tiles' },
          h(
            'thead',
            null,
            h(
              'tr',
              null,
              columns.map((name, index) => h('th', { scope: 'col', class: index === 0 ? 'number' : undefined }, name)),
            ),
          ),
          h('tbody', null, transitions.slice(0, ROWS).map(row)),
        ),
    transitions.length > ROWS && h('p', { class: 'note' }, `The first ${ROWS} of ${transitions.length}; the journal has the rest.`),
  )
}

const columns = ['at', 'upstream', 'from → to', 'cause', 'counters']

function row(transition: Transition): Element {
  const { failures, threshold } = transition
  const counters =
    failures === undefined ? '–' : threshold === undefined ? `${failures} failures` : `${failures} failures, opens at ${threshold}`
  const states = h('span', null, state(transition.from), ' → ', state(transition.to))
  return h(
    'tr',
    null,
    h('th', { scope: 'row', class: 'number half' }, h('span', null, moment(transition.atMs, 2))),
    h('td', { class: 'text bare half' }, h('span', null, oneLine(transition.upstream, 80))),
    h('td', { class: 'nowrap wide bare', 'data-label': columns[2] }, states),
    h('td', { class: 'text half', 'data-label': columns[3] }, h('span', null, oneLine(transition.cause.replaceAll('_', ' ')))),
    h('td', { class: 'text', 'data-label': columns[4] }, h('span', null, counters)),
  )
}

const state = (name: BreakerState): Element => h('span', { class: `state ${name}` }, stateWords[name])
