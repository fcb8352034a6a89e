// A map for each pair of settings: in each field the best candidate that was tried there, whatever its other settings.
import { html, type Content, type Element } from '../../html/html.ts'
import { type Priority, objectiveOf, stepsOf } from '../../../tuning/search/objectives.ts'
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
      in five steps. A crossed field has candidates, and none that passes. In an empty one none was tried. Candidates that were dropped
      early have fewer seeds, which flatter.
    </p>
    <div class="tuning-maps">${pairs.slice(0, MOST_MAPS).map(([x, y]) => map(tuned, x, y))}</div>
    ${pairs.length > MOST_MAPS ? html`<p class="muted">${MOST_MAPS} of ${pairs.length} pairs are shown.</p>` : null}
    ${legend([
      ...(tuned.recommended ? ([['recommended', 'recommended']] as const) : []),
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

function map({ space, candidates, order, steps: stepOf, recommended, presentValues }: Tuned, x: number, y: number): Element {
  const first: Priority = { name: order[0]!, step: stepOf[order[0]!] }
  const levelOf = ({ scores }: TriedCandidate): number => stepsOf(first, scores[first.name])
  const [across, up] = [space[x]!, space[y]!]
  const fields = fieldsOf(candidates, { across, up, x, y, first })
  const steps = fields.filter(({ best }) => best.passes).map(({ best }) => levelOf(best))
  const [least, most] = [Math.min(...steps), Math.max(...steps)]
  const level = (best: TriedCandidate): number =>
    most === least ? LEVELS : 1 + Math.round(((levelOf(best) - least) / (most - least)) * (LEVELS - 1))
  const left = (place: number): number => round(LEFT + place * SIZE)
  const top = (place: number): number => round((1 - place) * SIZE + 8)
  const [columns, rows] = [fieldsIn(across), fieldsIn(up)]
  const [width, height] = [SIZE / columns, SIZE / rows]
  const at = (values: readonly (number | null)[] | undefined, shape: 'recommended' | 'present'): Content => {
    const [valueX, valueY] = [values?.[x], values?.[y]]
    if (typeof valueX !== 'number' || typeof valueY !== 'number') return null
    if (!isInside(placeOf(across, valueX)) || !isInside(placeOf(up, valueY))) return null
    // In the middle of its field: between two fields it would belong to neither.
    return mark(shape, left((fieldAt(across, valueX) + 0.5) / columns), top((fieldAt(up, valueY) + 0.5) / rows))
  }
  const named = `${oneLine(up.path, 60)} against ${oneLine(across.path, 60)}`
  return html`
    <figure>
      <svg viewBox="0 0 ${SIZE + LEFT + 16} ${SIZE + BOTTOM + 8}" role="img" aria-label="Map of ${named}">
        <rect class="map-ground" x=${LEFT} y="8" width=${SIZE} height=${SIZE} />
        ${fields.map(({ column, row, best, tried }) => {
          const [fieldX, fieldY] = [left(column / columns), top((row + 1) / rows)]
          return html`
            <rect
              class=${best.passes ? `map-field level-${level(best)}` : 'map-field none-passes'}
              x=${fieldX}
              y=${fieldY}
              width=${round(width)}
              height=${round(height)}
            >
              <title>${fieldTitle(best, tried, { across, up, x, y, first })}</title>
            </rect>
            ${best.passes ? null : mark('failing', round(fieldX + width / 2), round(fieldY + height / 2))}
          `
        })}
        ${at(presentValues, 'present')} ${at(recommended?.values, 'recommended')}
        ${labels(across).map(({ place, text }) => html`<text x=${left(place)} y=${SIZE + 24} text-anchor="middle">${text}</text>`)}
        ${labels(up).map(({ place, text }) => html`<text x=${LEFT - 6} y=${top(place)} dy=".35em" text-anchor="end">${text}</text>`)}
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
  first: Priority
}

function fieldsOf(candidates: readonly TriedCandidate[], { across, up, x, y, first }: Pair): Field[] {
  const fields = new Map<string, Field>()
  for (const candidate of candidates) {
    const [column, row] = [fieldAt(across, candidate.values[x]!), fieldAt(up, candidate.values[y]!)]
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
  one.passes === other.passes ? stepsOf(first, one.scores[first.name]) > stepsOf(first, other.scores[first.name]) : one.passes

/** Few whole numbers have a field each. */
const isFew = ({ kind, low, high }: SettingRange): boolean => kind === 'whole' && high - low < FIELDS
const fieldsIn = (range: SettingRange): number => (isFew(range) ? range.high - range.low + 1 : FIELDS)

function fieldAt(range: SettingRange, value: number): number {
  const at = isFew(range) ? value - range.low : Math.floor(placeOf(range, value) * FIELDS)
  return Math.min(fieldsIn(range) - 1, Math.max(0, at))
}

/** Values along an axis and where they stand: at the edges of fields, or in the middle of those of few whole numbers. */
function labels(range: SettingRange): { place: number; text: string }[] {
  const fields = fieldsIn(range)
  return [0, 0.5, 1].map((place) => {
    if (!isFew(range)) return { place, text: settingText(range, valueAt(range, place)) }
    const field = Math.floor(place * (fields - 1))
    return { place: (field + 0.5) / fields, text: settingText(range, range.low + field) }
  })
}

const isInside = (place: number): boolean => place >= 0 && place <= 1

function fieldTitle(best: TriedCandidate, tried: number, { across, up, x, y, first }: Pair): string {
  const { words, show } = objectiveOf(first.name)
  const values = `${settingText(across, best.values[x])}, ${settingText(up, best.values[y])}`
  return `${values}: ${best.passes ? `${words} ${show(best.scores[first.name])}` : 'does not pass'}; best of ${tried} here`
}
