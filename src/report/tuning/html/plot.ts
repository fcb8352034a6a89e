// What the charts of a tuning share: a plot with two axes, in units of its view box, and marks that differ by shape as well as by colour.
import { ticks } from 'd3-array'
import { html, type Content, type Element } from '../../html/html.ts'
import { type Scale, linearScale } from '../../html/strip/charts/scale.ts'
import type { Objective } from '../../../tuning/search/objectives.ts'

const WIDTH = 640
const HEIGHT = 340
const LEFT = 84
const RIGHT = 20
const TOP = 16
const BOTTOM = 48

/** One axis. Places are 0–1, so that an axis may have any scale. */
export interface Axis {
  title: string
  ticks: { place: number; text: string }[]
  placeOf(value: number): number
}

/** Of an objective's steps: what is nearer than a few of them to each other looks alike. */
const LEAST_STEPS = 4

/** An axis over these values, with some room at its ends. */
export function valueAxis(title: string, values: readonly number[], { step, show }: Pick<Objective, 'step' | 'show'>): Axis {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const room = Math.max((most - least) * 0.06, (LEAST_STEPS * step - (most - least)) / 2)
  const low = least >= 0 ? Math.max(0, least - room) : least - room
  const placeOf = linearScale([low, most + room], [0, 1])
  const marks = ticks(low, most + room, 5)
  return { title, placeOf, ticks: marks.map((value) => ({ place: placeOf(value), text: show(value) })) }
}

export interface Plot {
  x: Scale
  y: Scale
  top: number
  bottom: number
}

/** A chart of two axes; `label` says in a sentence what it shows. */
export function plot(label: string, across: Axis, up: Axis, draw: (on: Plot) => Content): Element {
  const x = (place: number): number => round(LEFT + place * (WIDTH - LEFT - RIGHT))
  const y = (place: number): number => round(HEIGHT - BOTTOM - place * (HEIGHT - TOP - BOTTOM))
  const on: Plot = { x: (value) => x(across.placeOf(value)), y: (value) => y(up.placeOf(value)), top: TOP, bottom: HEIGHT - BOTTOM }
  return html`
    <div class="table-scroll" tabindex="0" role="region" aria-label=${`Chart: ${label}`}>
      <svg class="tuning-plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${label}>
        ${up.ticks.map(
          ({ place, text }) => html`
            <line class="grid" x1=${LEFT} x2=${WIDTH - RIGHT} y1=${y(place)} y2=${y(place)} />
            <text x=${LEFT - 8} y=${y(place)} dy=".35em" text-anchor="end">${text}</text>
          `,
        )}
        ${across.ticks.map(
          ({ place, text }) => html`
            <line class="grid" x1=${x(place)} x2=${x(place)} y1=${TOP} y2=${HEIGHT - BOTTOM} />
            <text x=${x(place)} y=${HEIGHT - BOTTOM + 17} text-anchor="middle">${text}</text>
          `,
        )}
        <text class="axis-title" x=${(LEFT + WIDTH - RIGHT) / 2} y=${HEIGHT - 8} text-anchor="middle">${across.title}</text>
        <text class="axis-title" x=${-(TOP + HEIGHT - BOTTOM) / 2} y="14" text-anchor="middle" transform="rotate(-90)">${up.title}</text>
        ${draw(on)}
      </svg>
    </div>
  `
}

export type MarkShape = 'recommended' | 'present' | 'front' | 'passing' | 'failing'

/** At a place in the view box: a diamond, a ring, dots of two sizes, a cross. */
export function mark(shape: MarkShape, x: number, y: number, title?: string): Element {
  const told = title === undefined ? null : html`<title>${title}</title>`
  if (shape === 'recommended') return html`<path class="mark recommended" d="M${x} ${y - 8}l8 8l-8 8l-8 -8z">${told}</path>`
  if (shape === 'present') return html`<circle class="mark present" cx=${x} cy=${y} r="7">${told}</circle>`
  if (shape === 'failing') return html`<path class="mark failing" d="M${x - 4} ${y - 4}l8 8m0 -8l-8 8">${told}</path>`
  return html`<circle class="mark ${shape}" cx=${x} cy=${y} r=${shape === 'front' ? 5 : 2.5}>${told}</circle>`
}

/** What each mark of a chart means. */
export const legend = (shapes: readonly (readonly [MarkShape, string])[]): Element => html`
  <ul class="tuning-legend">
    ${shapes.map(([shape, text]) => html`<li><svg width="20" height="20" aria-hidden="true">${mark(shape, 10, 10)}</svg>${text}</li>`)}
  </ul>
`

/** A hundredth of a unit is less than a pixel. */
export const round = (value: number): number => Math.round(value * 100) / 100
