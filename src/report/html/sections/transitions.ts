// Every breaker transition, in order: as the gateway reported it, or inferred from traffic where it reports none.
import { type BreakerState, stateWord } from '../../../contract/breaker-events.ts'
import type { Transition } from '../../../evidence/events/transition.ts'
import { moment } from '../../../kernel/wording.ts'
import { reportsBreakers } from '../../../criteria/measure/breaker/inferred-breaker.ts'
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
    const isTold = reportsBreakers(evidence)
    const nothing = isTold ? 'No breaker changed its state.' : 'The gateway reports no breaker events, and none could be inferred.'
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
      ${transitions.length > 0 && !isTold && html`<p class="note">The gateway reports no breaker events: these are inferred from its traffic.</p>`}
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
