// The probes of claims, apart from the story's requests: how often each was asked, how it ended, how often the upstream was tried.
import { attemptsIn, requestsIn } from '../../../criteria/measure/scope.ts'
import type { Evidence } from '../../../evidence/evidence.ts'
import { count, fixed } from '../../../kernel/wording.ts'
import type { PlannedRoute } from '../../../plan/plan.ts'
import { oneLine } from '../../plain-text.ts'
import { html, type Element } from '../html.ts'
import type { Section } from './section.ts'

export const probes: Section = {
  id: 'probes',
  name: 'Probes',
  title: 'Probes of claims',
  render({ record: { plan }, evidence }) {
    const sent = plan.load.mix.filter(({ probe, once }) => probe !== undefined && once === undefined)
    if (sent.length === 0) return null
    const phases = plan.phases.filter((phase) => phase.probes).map(({ name }) => name)
    return html`
      <table class="tiles">
        <caption>
          Requests of the claims' own. They count for the claims alone, and are in none of the other figures.
        </caption>
        <thead>
          <tr>
            ${columns.map((name, index) => html`<th scope="col" class=${index === 1 || index === 3 ? 'number' : undefined}>${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${sent.map((route) => row(route, evidence, phases))}
        </tbody>
      </table>
    `
  },
}

const columns = ['probe', 'requests', 'ended', 'attempts each']

function row({ route }: PlannedRoute, evidence: Evidence, phases: readonly string[]): Element {
  const cells = requestsIn(evidence, { phases }).filter((cell) => cell.route === route)
  const requests = cells.reduce((total, cell) => total + cell.count, 0)
  const ended = cells.map((cell) => `${count(cell.count)} ${cell.outcome.replaceAll('_', ' ')}`).join(', ')
  const attempts = attemptsIn(evidence, { phases })
    .filter((cell) => cell.route === route)
    .reduce((total, { byAttempts }) => total + byAttempts.reduce((sum, asked, tries) => sum + asked * tries, 0), 0)
  return html`
    <tr>
      <th scope="row" class="text"><span>${oneLine(route, 80)}</span></th>
      <td class="number" data-label=${columns[1]}><span>${count(requests)}</span></td>
      <td class="text" data-label=${columns[2]}><span>${ended === '' ? '–' : ended}</span></td>
      <td class="number" data-label=${columns[3]}><span>${requests === 0 ? '–' : fixed(attempts / requests, 2)}</span></td>
    </tr>
  `
}
