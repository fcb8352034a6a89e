// The front: candidates than which none is better in one objective without being worse in another.
import { html, type Element } from '../../html/html.ts'
import { type ObjectiveName, objectiveOf } from '../../../tuning/search/objectives.ts'
import type { Standing } from '../../../tuning/search/standing.ts'
import type { Tuned } from '../../../tuning/tuned.ts'
import { oneLine } from '../../plain-text.ts'
import { scoreText, settingText } from '../words.ts'
import { type MarkShape, legend, mark, plot, valueAxis } from './plot.ts'

const ROWS = 12

export function front(tuned: Tuned): Element | null {
  const { front: best, order, space } = tuned
  if (best.length === 0) return null
  const hidden = best.length - ROWS
  return html`
    ${chart(tuned)}
    <div class="table-scroll" tabindex="0" role="region" aria-label="Candidates of the front">
      <table class="tiles">
        <caption>
          ${
            best.length === 1
              ? 'No objective conflicts with another: this candidate is best in all of them.'
              : hidden > 0
                ? `Of two of these, each is better in something. The best ${ROWS} of ${best.length}, by the order of the objectives.`
                : 'Of two of these, each is better in something. The first is recommended.'
          }
        </caption>
        <thead>
          <tr>
            ${space.map(({ path }) => html`<th scope="col" class="number">${oneLine(path, 60)}</th>`)}
            ${order.map((name) => html`<th scope="col" class="number">${objectiveOf(name).words}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${best.slice(0, ROWS).map(
            (standing) => html`
              <tr>
                ${space.map((range, at) => html`<td class="number half" data-label=${oneLine(range.path, 60)}>${settingText(range, standing.values[at])}</td>`)}
                ${order.map((name) => html`<td class="number half" data-label=${objectiveOf(name).words}>${scoreText(name, standing)}</td>`)}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `
}

/** The first objective against the one that conflicts with it most; null where nothing conflicts. */
function chart({ front: best, candidates, present, recommended, order }: Tuned): Element | null {
  const [first] = order
  const second = order.slice(1).find((name) => new Set(best.map(({ scores }) => scores[name])).size > 1)
  if (first === undefined || second === undefined) return null
  // Fewer seeds flatter.
  const passing = candidates.filter(({ passes, seeds }) => passes && seeds >= best[0]!.seeds)
  const all = [...passing, ...best, ...(present ? [present] : [])]
  const axis = (name: ObjectiveName) =>
    valueAxis(
      titleOf(name),
      all.map(({ scores }) => scores[name]),
      objectiveOf(name),
    )
  const shapes: [MarkShape, readonly Pick<Standing, 'scores'>[]][] = [
    ['passing', passing],
    ['front', best],
    ['present', present ? [present] : []],
    ['recommended', recommended ? [recommended] : []],
  ]
  const label = `${objectiveOf(first).words} against ${objectiveOf(second).words}: ${best.length} candidates on the front, of ${passing.length} that pass with as many seeds.`
  return html`
    ${plot(label, axis(second), axis(first), ({ x, y }) =>
      shapes.flatMap(([shape, standings]) =>
        standings.map(({ scores }) =>
          mark(
            shape,
            x(scores[second]),
            y(scores[first]),
            `${objectiveOf(first).show(scores[first])}, ${objectiveOf(second).show(scores[second])}`,
          ),
        ),
      ),
    )}
    ${legend([
      ['recommended', 'recommended'],
      ['present', 'present settings'],
      ['front', 'on the front'],
      ...(passing.length > best.length ? ([['passing', 'passes, with as many seeds']] as const) : []),
    ])}
  `
}

const titleOf = (name: ObjectiveName): string =>
  `${objectiveOf(name).words} (${objectiveOf(name).better === 'more' ? 'more' : 'less'} is better)`
