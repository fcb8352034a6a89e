// The cliffs: each setting moved alone, the others as recommended, until a criterion is not met any more.
import { html, type Element } from '../../html/html.ts'
import { plural } from '../../../kernel/wording.ts'
import type { CliffsOfSetting } from '../../../tuning/search/cliffs.ts'
import { objectiveOf } from '../../../tuning/search/objectives.ts'
import { type SettingRange, placeOf, valueAt } from '../../../tuning/space/setting-range.ts'
import type { Tuned } from '../../../tuning/tuned.ts'
import { oneLine } from '../../plain-text.ts'
import { cliffReason, cliffText, sensitivityText, settingText } from '../words.ts'
import { legend, mark, plot, round, valueAxis } from './plot.ts'

export function profiles(tuned: Tuned): Element | null {
  if (tuned.cliffs === null) return null
  return html`
    <p>
      Each setting is moved alone, with the others as recommended. Beyond its cliff a criterion is not met any more.${' '}
      ${`Scores are of ${plural(tuned.cliffs[0]?.seeds ?? 0, 'seed')}.`}
    </p>
    ${tuned.cliffs.map((found, at) => profile(tuned, found, at))}
    ${legend([
      ['recommended', 'recommended'],
      ['front', 'passes'],
      ['failing', 'does not pass'],
    ])}
  `
}

function profile(tuned: Tuned, found: CliffsOfSetting, at: number): Element {
  const range = tuned.space[at]!
  const reasons = (['below', 'above'] as const).flatMap((side) => {
    const reason = cliffReason(found[side])
    return reason === null ? [] : [`At ${settingText(range, found[side]?.at)}: ${oneLine(reason, 600)}`]
  })
  return html`
    <h3>${oneLine(range.path, 60)}</h3>
    ${chart(tuned, found, range)}
    <dl class="tuning-facts">
      <dt>cliff below</dt>
      <dd>${cliffText(range, found.at, found.below, 'below')}</dd>
      <dt>cliff above</dt>
      <dd>${cliffText(range, found.at, found.above, 'above')}</dd>
      <dt>where it passes</dt>
      <dd>${sensitivityText(tuned, at)}</dd>
    </dl>
    ${
      reasons.length > 0
        ? html`<ul>
            ${reasons.map((reason) => html`<li>${reason}</li>`)}
          </ul>`
        : null
    }
  `
}

function chart({ order }: Tuned, { profile: points, at, below, above }: CliffsOfSetting, range: SettingRange): Element {
  const [first] = order
  const objective = objectiveOf(first!)
  const across = {
    title: oneLine(range.path, 60),
    placeOf: (value: number) => 0.02 + 0.96 * placeOf(range, value),
    ticks: [0, 0.25, 0.5, 0.75, 1].map((place) => ({ place: 0.02 + 0.96 * place, text: settingText(range, valueAt(range, place)) })),
  }
  const passing = points.filter(({ passes }) => passes)
  const up = valueAxis(
    objective.words,
    passing.map(({ scores }) => scores[first!]),
    objective,
  )
  const label = `${objective.words} over ${oneLine(range.path, 60)}: ${passing.length} of ${points.length} values pass.`
  return plot(label, across, up, ({ x, y, top, bottom }) => [
    ...[below, above].flatMap((cliff) => {
      if (cliff === null) return []
      const edge = round((x(cliff.at) + x(cliff.lastPassing)) / 2)
      return [html`<line class="cliff" x1=${edge} x2=${edge} y1=${top} y2=${bottom} />`]
    }),
    html`<polyline class="profile" points=${passing.map(({ value, scores }) => `${x(value)},${y(scores[first!])}`).join(' ')} />`,
    ...points.map(({ value, passes, scores }) => {
      const text = `${settingText(range, value)}: ${passes ? objective.show(scores[first!]) : 'does not pass'}`
      // What does not pass has no score that could be compared.
      return passes
        ? mark(value === at ? 'recommended' : 'front', x(value), y(scores[first!]), text)
        : mark('failing', x(value), bottom - 8, text)
    }),
  ])
}
