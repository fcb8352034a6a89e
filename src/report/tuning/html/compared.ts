// The recommended settings beside the present ones: the values, what they cost, and what is not met.
import { html, type Content, type Element } from '../../html/html.ts'
import { plural } from '../../../kernel/wording.ts'
import { objectiveOf } from '../../../tuning/search/objectives.ts'
import type { Obstacle, Standing } from '../../../tuning/search/standing.ts'
import { type Tuned, mergePatch } from '../../../tuning/tuned.ts'
import { oneLine, plainText } from '../../plain-text.ts'
import { marks } from '../../result-marks.ts'
import { cliffText, isAtEnd, orderText, scoreText, settingText, spreadText } from '../words.ts'

export function compared(tuned: Tuned): Content {
  const { recommended, nearest, present } = tuned
  return [
    earlyEnd(tuned),
    settings(tuned),
    scores(tuned),
    ...(recommended ? [patch(recommended)] : obstacles('What stands in the way', nearest)),
    ...(recommended && present && !present.passes ? obstacles('What the present settings do not meet', present) : []),
  ]
}

const earlyEnd = ({ ended }: Tuned): Content =>
  ended === null
    ? null
    : html`<p>The search ended early: ${ended === 'time' ? 'its time was over' : 'it was interrupted'}. --resume goes on.</p>`

/** Of these, on a phone each cell says what it is. */
const columnsOf = (recommended: Standing | null): string[] =>
  recommended ? ['present', 'recommended', 'cliff below', 'cliff above', 'searched'] : ['present', 'nearest', 'searched']

function settings({ space, presentValues, recommended, nearest, cliffs }: Tuned): Element {
  const best = recommended ?? nearest
  const names = columnsOf(recommended)
  return html`
    <div class="table-scroll" tabindex="0" role="region" aria-label="Settings">
      <table class="tiles">
        <caption>
          ${
            recommended
              ? 'Cliffs are the nearest values at which a criterion is not met, with the other settings as recommended.'
              : 'No values that were tried pass; these come nearest.'
          }
        </caption>
        <thead>
          <tr>
            <th scope="col">setting</th>
            ${names.map((name) => html`<th scope="col" class="number">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${space.map((range, at) => {
            const value = best?.values[at]
            const found = cliffs?.[at]
            const cells = [
              settingText(range, presentValues[at]),
              settingText(range, value) + (value !== undefined && isAtEnd(range, value) ? ' (end of range)' : ''),
              ...(recommended ? (['below', 'above'] as const) : []).map((side) =>
                found && value !== undefined ? cliffText(range, value, found[side], side) : 'not known',
              ),
              `${settingText(range, range.low)} to ${settingText(range, range.high)}`,
            ]
            return html`
              <tr>
                <th scope="row" class="text">${oneLine(range.path, 60)}</th>
                ${cells.map((cell, column) => html`<td class="number half" data-label=${names[column]}>${cell}</td>`)}
              </tr>
            `
          })}
        </tbody>
      </table>
    </div>
  `
}

function scores(tuned: Tuned): Element {
  const { order, present, recommended, nearest } = tuned
  const best = recommended ?? nearest
  const rows: [string, Standing | null][] = [
    ['present', present],
    [recommended ? 'recommended' : 'nearest', best],
  ]
  return html`
    <div class="table-scroll" tabindex="0" role="region" aria-label="Objectives">
      <table class="tiles">
        <caption>
          Compared ${orderText(tuned)}. Below each, the least and the most of the seeds.
        </caption>
        <thead>
          <tr>
            <th scope="col">settings</th>
            <th scope="col">verdict</th>
            ${order.map((name) => html`<th scope="col" class="number">${objectiveOf(name).words}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(([name, standing]) =>
            standing === null
              ? null
              : html`
                  <tr>
                    <th scope="row">${name}</th>
                    <td class="wide bare">${verdictText(standing)}</td>
                    ${order.map(
                      (objective) => html`
                        <td class="number half" data-label=${objectiveOf(objective).words}>
                          ${scoreText(objective, standing)}<span class="sub">${spreadText(objective, standing)}</span>
                        </td>
                      `,
                    )}
                  </tr>
                `,
          )}
        </tbody>
      </table>
    </div>
  `
}

const verdictText = ({ passes, passed, trials, seeds }: Standing): string =>
  `${passes ? `${marks.pass.glyph} passes` : `${marks.fail.glyph} does not pass`}: ${passed} of ${plural(trials, 'trial')}, ${plural(seeds, 'seed')}`

const patch = (recommended: Standing): Element => html`
  <h3>To apply it</h3>
  <p>A JSON merge patch (RFC 7396) for the gateway's configuration, also in <code>gateway.patch.json</code>:</p>
  <pre
    tabindex="0"
    role="region"
    aria-label="Merge patch"
  ><code>${plainText(JSON.stringify(mergePatch(recommended), null, 2), 4000)}</code></pre>
`

function obstacles(title: string, standing: Standing | null): Content[] {
  if (standing === null || standing.obstacles.length === 0) return []
  return [
    html`<h3>${title}</h3>`,
    html`<ul>
      ${standing.obstacles.slice(0, 10).map((obstacle) => html`<li>${obstacleText(obstacle, standing)}</li>`)}
    </ul>`,
  ]
}

const obstacleText = ({ scenario, criterion, result, why, trials }: Obstacle, standing: Standing): string =>
  oneLine(`${scenario}: ${criterion}. ${marks[result].word} in ${trials} of ${plural(standing.trials, 'trial')}: ${why}`, 1000)
