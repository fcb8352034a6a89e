// Every breaker transition, in order: as the gateway reported it, or inferred from traffic where it reports none.
import { type BreakerState, stateWord } from '../../../contract/breaker-events.ts'
import type { Transition } from '../../../evidence/events/transition.ts'
import { timeOf, whyInferred } from '../../inferred.ts'
import { oneLine } from '../../plain-text.ts'
import { html, type Element } from '../html.ts'
import type { Section } from './section.ts'

// A breaker that flaps for minutes would fill the page. The journal has all of them.
const ROWS = 200

export const transitionsTable: Section = {
  id: 'transitions',
  name: 'Transitions',
  title: 'Breaker transitions',
  render(run) {
    const { transitions } = run.evidence
    const why = whyInferred(run)
    const partly = (run.verdict.inferred ?? []).flatMap((breaker) => breaker.partly.map(({ words }) => `${breaker.upstream} was ${words}`))
    const nothing = why === undefined ? 'No breaker changed its state.' : `No transition could be inferred: ${why}.`
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
      ${
        transitions.some(({ between }) => between) &&
        html`<p class="note">
          Inferred are transitions that traffic shows, since ${why}. Each happened about then, no earlier and no later than stated.
        </p>`
      }
      ${partly.slice(0, ROWS).map((words) => html`<p class="note">${oneLine(words)}: inferred from its traffic.</p>`)}
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
    <tr class=${transition.between ? 'inferred' : undefined}>
      <th scope="row" class="number half"><span>${timeOf(transition, 2)}</span></th>
      <td class="text bare half"><span>${oneLine(transition.upstream, 80)}</span></td>
      <td class="nowrap wide bare" data-label=${columns[2]}>${states}</td>
      <td class="text half" data-label=${columns[3]}><span>${oneLine(transition.cause.replaceAll('_', ' '))}</span></td>
      <td class="text" data-label=${columns[4]}><span>${counters}</span></td>
    </tr>
  `
}

const state = (name: BreakerState): Element => html`<span class="state ${name}">${stateWord(name).toUpperCase()}</span>`
