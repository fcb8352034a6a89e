// Every breaker transition that the gateway reported, in order.
import { type BreakerState, stateWord } from '../../../contract/breaker-events.ts'
import type { Transition } from '../../../evidence/events/transition.ts'
import { moment } from '../../../kernel/wording.ts'
import { oneLine } from '../../plain-text.ts'
import { html, type Element } from '../html.ts'
import type { Section } from './section.ts'

// A breaker that flaps for minutes would fill the page. The journal has all of them.
const ROWS = 200

export const transitionsTable: Section = {
  id: 'transitions',
  name: 'Transitions',
  title: 'Breaker transitions',
  render({ evidence }) {
    const { transitions } = evidence
    const silent = evidence.notes.some((note) => note.code === 'events_unavailable')
    const nothing = silent ? 'The gateway exposed no breaker events.' : 'No breaker changed its state.'
    return html`
      ${
        transitions.length === 0
          ? html`<p class="note">${nothing}</p>`
          : html`<table class="tiles">
              <thead>
                <tr>
                  ${columns.map((name, index) => html`<th scope="col" class=${index === 0 ? 'number' : undefined}>${name}</th>`)}
                </tr>
              </thead>
              <tbody>
                ${transitions.slice(0, ROWS).map(row)}
              </tbody>
            </table>`
      }
      ${transitions.length > ROWS && html`<p class="note">The first ${ROWS} of ${transitions.length}; the journal has the rest.</p>`}
    `
  },
}

const columns = ['at', 'upstream', 'from → to', 'cause', 'counters']

function row(transition: Transition): Element {
  const { failures, threshold } = transition
  const counters =
    failures === undefined ? '–' : threshold === undefined ? `${failures} failures` : `${failures} failures, opens at ${threshold}`
  const states = html`<span>${state(transition.from)} → ${state(transition.to)}</span>`
  return html`
    <tr>
      <th scope="row" class="number half"><span>${moment(transition.atMs, 2)}</span></th>
      <td class="text bare half"><span>${oneLine(transition.upstream, 80)}</span></td>
      <td class="nowrap wide bare" data-label=${columns[2]}>${states}</td>
      <td class="text half" data-label=${columns[3]}><span>${oneLine(transition.cause.replaceAll('_', ' '))}</span></td>
      <td class="text" data-label=${columns[4]}><span>${counters}</span></td>
    </tr>
  `
}

const state = (name: BreakerState): Element => html`<span class="state ${name}">${stateWord(name).toUpperCase()}</span>`
