// Figures of each phase, and of each upstream within a phase.
import { moment, count, share as percent } from '../../../kernel/wording.ts'
import { figure } from '../../format.ts'
import { phaseFigures, type PhaseFigures } from '../../phase-figures.ts'
import { judgedBy } from '../../judged-by.ts'
import { oneLine } from '../../plain-text.ts'
import { html, type Element } from '../html.ts'
import type { Section } from './section.ts'

// With more upstreams than this, their rows would hide the phases.
const UPSTREAMS = 4

export const phases: Section = {
  id: 'phases',
  name: 'Phases',
  title: 'Phases',
  render({ record: { plan }, evidence }) {
    const upstreams = Object.keys(plan.upstreams)
    const parts = upstreams.length > 1 && upstreams.length <= UPSTREAMS ? upstreams : []
    const rows = plan.phases.flatMap((phase) => [
      row(
        'phase',
        phase.name,
        [`${moment(phase.startMs)} to ${moment(phase.endMs)}`, judgedBy(phase)].filter((part) => part !== undefined).join(', '),
        phaseFigures(evidence, [phase.name]),
      ),
      ...parts
        .map((upstream) => ({ upstream, figures: phaseFigures(evidence, [phase.name], upstream) }))
        .filter(({ figures }) => figures.requests > 0)
        .map(({ upstream, figures }) => row('part', upstream, null, figures)),
    ])
    const judged = plan.phases.filter((phase) => !phase.warmUp).map((phase) => phase.name)
    return html`
      <table class="tiles">
        <caption>
          Latency is that of requests that ended ok, from when they were due. A request belongs to the phase in which it was due; attempts
          are arrivals at upstreams for each request.
        </caption>
        <thead>
          <tr>
            ${columns.map((name, index) => html`<th scope="col" class=${index === 0 ? undefined : 'number'}>${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows}${row('total', 'all judged phases', null, phaseFigures(evidence, judged))}
        </tbody>
      </table>
    `
  },
}

const columns = ['phase', 'requests', 'p50', 'p95', 'p99', 'errors', 'fallback', 'attempts']

function row(kind: 'phase' | 'part' | 'total', name: string, note: string | null, figures: PhaseFigures): Element {
  const cells = [
    count(figures.requests),
    figure(figures.p50, 'ms'),
    figure(figures.p95, 'ms'),
    figure(figures.p99, 'ms'),
    share(figures.errors),
    share(figures.fallbacks),
    figure(figures.attempts, 'per_call'),
  ]
  return html`
    <tr class=${kind}>
      <th scope="row" class="text">
        <span>${oneLine(name, 80)}${note !== null && html`<span class="sub">${note}</span>`}</span>
      </th>
      ${cells.map((cell, index) => html`<td class="number" data-label=${columns[index + 1]}><span>${cell}</span></td>`)}
    </tr>
  `
}

const share = (value: number | null): string => (value === null ? '–' : percent(value))
