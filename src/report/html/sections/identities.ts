// Who got whose answer: by route, how many answers had the body of their own attempt, a kept one, or one that was sent to somebody else.
import type { IdentityCell } from '../../../evidence/tallies/identities.ts'
import { count, moment } from '../../../kernel/wording.ts'
import { oneLine } from '../../plain-text.ts'
import { html, type Element } from '../html.ts'
import type { Section } from './section.ts'

export const identities: Section = {
  id: 'identities',
  name: 'Identities',
  title: 'Who got whose answer',
  render({ evidence }) {
    const byRoute = [...Map.groupBy(evidence.identities, ({ route }) => route).values()]
    if (byRoute.length === 0) return null
    return html`
      <table class="tiles">
        <caption>
          Good answers and fallbacks, by whom their body was sent for: told apart by the headers of each identity.
        </caption>
        <thead>
          <tr>
            ${columns.map((name, index) => html`<th scope="col" class=${index === 0 ? 'text' : 'number'}>${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${byRoute.map(row)}
        </tbody>
      </table>
    `
  },
}

const columns = ['route', 'identities', 'own', 'kept for them', "another's", 'not told', 'by nobody']

function row(cells: readonly IdentityCell[]): Element {
  const [first] = cells
  const sum = (of: 'own' | 'kept' | 'foreign' | 'untold' | 'unbacked'): number => cells.reduce((total, cell) => total + cell[of], 0)
  const leak = cells.flatMap(({ firstForeign }) => firstForeign ?? []).toSorted((a, b) => a.atMs - b.atMs)[0]
  const figures = [
    count(first?.identities ?? 0),
    ...(['own', 'kept', 'foreign', 'untold', 'unbacked'] as const).map((of) => count(sum(of))),
  ]
  return html`
    <tr class=${leak ? 'fail' : undefined}>
      <th scope="row" class="text">
        <span>
          ${oneLine(first?.route ?? '', 80)}
          ${leak && html`<span class="sub">first at ${moment(leak.atMs, 2)}: <code>${oneLine(leak.request, 60)}</code></span>`}
        </span>
      </th>
      ${figures.map((figure, at) => html`<td class="number" data-label=${columns[at + 1]}><span>${figure}</span></td>`)}
    </tr>
  `
}
