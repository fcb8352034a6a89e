// A map for each pair of settings: in each field the best candidate that was tried there, whatever its other settings.
import { html, type Content, type Element } from '../../html/html.ts'
import { objectiveOf, stepsOf } from '../../../tuning/search/objectives.ts'
import { type SettingRange, placeOf, valueAt } from '../../../tuning/space/setting-range.ts'
import type { TriedCandidate, Tuned } from '../../../tuning/tuned.ts'
import { oneLine } from '../../plain-text.ts'
import { settingText } from '../words.ts'
import { legend, mark, round } from './plot.ts'

const FIELDS = 10
const SIZE = 300
const LEFT = 66
const BOTTOM = 40
const LEVELS = 5
// With six settings there are fifteen pairs.
const MOST_MAPS = 15

export function maps(tuned: Tuned): Content | null {
  const pairs = tuned.space.flatMap((_, x) => tuned.space.slice(x + 1).map((__, at) => [x, x + 1 + at] as const))
  if (pairs.length === 0) return null
  return html`
    <p>
      A field is as dark as the best candidate tried in it is good, whatever its other settings: by ${objectiveOf(tuned.order[0]!).words},
      in five steps. A crossed field has candidates, and none that passes. In an empty one none was tried.
    </p>
    <div class="tuning-maps">${pairs.slice(0, MOST_MAPS).map(([x, y]) => map(tuned, x, y))}</div>
    ${pairs.length > MOST_MAPS ? html`<p class="muted">${MOST_MAPS} of ${pairs.length} pairs are shown.</p>` : null}
    ${legend([
      ['recommended', 'recommended'],
      ['present', 'present settings'],
      ['failing', 'none passes'],
    ])}
  `
}

interface Field {
  column: number
  row: number
  best: TriedCandidate
  tried: number
}

function map({ space, candidates, order, recommended, presentValues }: Tuned, x: number, y: number): Element {
  const [across, up] = [space[x]!, space[y]!]
  const fields = fieldsOf(candidates, { across, up, x, y, first: order[0]! })
  const steps = fields.filter(({ best }) => best.passes).map(({ best }) => stepsOf(order[0]!, best.scores[order[0]!]))
  const [least, most] = [Math.min(...steps), Math.max(...steps)]
  const level = ({ scores }: TriedCandidate): number =>
    most === least ? LEVELS : 1 + Math.round(((stepsOf(order[0]!, scores[order[0]!]) - least) / (most - least)) * (LEVELS - 1))
  const left = (place: number): number => round(LEFT + place * SIZE)
  const top = (place: number): number => round((1 - place) * SIZE + 8)
  const width = SIZE / FIELDS
  const at = (values: readonly (number | null)[] | undefined, shape: 'recommended' | 'present'): Content => {
    const [valueX, valueY] = [values?.[x], values?.[y]]
    if (typeof valueX !== 'number' || typeof valueY !== 'number') return null
    const [placeX, placeY] = [placeOf(across, valueX), placeOf(up, valueY)]
    return isInside(placeX) && isInside(placeY) ? mark(shape, left(placeX), top(placeY)) : null
  }
  const named = `${oneLine(up.path, 60)} against ${oneLine(across.path, 60)}`
  return html`
    <figure>
      <svg viewBox="0 0 ${SIZE + LEFT + 16} ${SIZE + BOTTOM + 8}" role="img" aria-label="Map of ${named}">
        <rect class="map-ground" x=${LEFT} y="8" width=${SIZE} height=${SIZE} />
        ${fields.map(({ column, row, best, tried }) => {
          const [fieldX, fieldY] = [round(left(column / FIELDS)), round(top((row + 1) / FIELDS))]
          return html`
            <rect
              class=${best.passes ? `map-field level-${level(best)}` : 'map-field none-passes'}
              x=${fieldX}
              y=${fieldY}
              width=${width}
              height=${width}
            >
              <title>${fieldTitle(best, tried, { across, up, x, y, first: order[0]! })}</title>
            </rect>
            ${best.passes ? null : mark('failing', fieldX + width / 2, fieldY + width / 2)}
          `
        })}
        ${at(presentValues, 'present')} ${at(recommended?.values, 'recommended')}
        ${[0, 0.5, 1].map(
          (place) => html`
            <text x=${left(place)} y=${SIZE + 24} text-anchor="middle">${settingText(across, valueAt(across, place))}</text>
            <text x=${LEFT - 6} y=${top(place)} dy=".35em" text-anchor="end">${settingText(up, valueAt(up, place))}</text>
          `,
        )}
        <text class="axis-title" x=${LEFT + SIZE / 2} y=${SIZE + 42} text-anchor="middle">${oneLine(across.path, 60)}</text>
        <text class="axis-title" x=${-SIZE / 2} y="12" text-anchor="middle" transform="rotate(-90)">${oneLine(up.path, 60)}</text>
      </svg>
      <figcaption>${named}</figcaption>
    </figure>
  `
}

interface Pair {
  across: SettingRange
  up: SettingRange
  x: number
  y: number
  first: Tuned['order'][number]
}

function fieldsOf(candidates: readonly TriedCandidate[], { across, up, x, y, first }: Pair): Field[] {
  const fields = new Map<string, Field>()
  for (const candidate of candidates) {
    const [column, row] = [fieldAt(placeOf(across, candidate.values[x]!)), fieldAt(placeOf(up, candidate.values[y]!))]
    const known = fields.get(`${column} ${row}`)
    if (!known) fields.set(`${column} ${row}`, { column, row, best: candidate, tried: 1 })
    else {
      known.tried++
      if (isBetter(candidate, known.best, first)) known.best = candidate
    }
  }
  return [...fields.values()]
}

const isBetter = (one: TriedCandidate, other: TriedCandidate, first: Pair['first']): boolean =>
  one.passes === other.passes ? stepsOf(first, one.scores[first]) > stepsOf(first, other.scores[first]) : one.passes

const fieldAt = (place: number): number => Math.min(FIELDS - 1, Math.max(0, Math.floor(place * FIELDS)))
const isInside = (place: number): boolean => place >= 0 && place <= 1

function fieldTitle(best: TriedCandidate, tried: number, { across, up, x, y, first }: Pair): string {
  const { words, show } = objectiveOf(first)
  const values = `${settingText(across, best.values[x])}, ${settingText(up, best.values[y])}`
  return `${values}: ${best.passes ? `${words} ${show(best.scores[first])}` : 'does not pass'}; best of ${tried} here`
}
