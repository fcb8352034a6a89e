// Breakers: one lane an upstream. CLOSED is pale, OPEN is dark and hatched, HALF_OPEN is solid. HALF_OPEN often lasts half a
// second, so it is drawn at least 6 px wide. What is inferred from traffic has a dashed edge, and says so.
import { html, type Element } from '../../html.ts'
import { type BreakerState, stateWord } from '../../../../contract/breaker-events.ts'
import type { Ms } from '../../../../kernel/clock.ts'
import { moment } from '../../../../kernel/wording.ts'
import { oneLine } from '../../../plain-text.ts'
import { across, ground, row, type Frame } from '../frame.ts'

export interface BreakerLane {
  upstream: string
  /** `unknown`: the gateway has no event stream. `none`: this upstream has no breaker. */
  states: Span[] | 'unknown' | 'none'
  /** The states are inferred from traffic. */
  inferred?: boolean
}

interface Span {
  state: BreakerState
  fromMs: Ms
  toMs: Ms
  cause: string
}

const HEIGHT = 24
const LANES = 6
// About the width of a bold capital in thousandths of a plot of usual width.
const CHARACTER = 7.4

export function breakerLanes(on: Frame, lanes: readonly BreakerLane[]): Element[] {
  const quiet = lanes.length > LANES ? lanes.filter(isQuiet) : []
  const shown = lanes.filter((lane) => !quiet.includes(lane))
  return [...shown.map((lane) => breakerRow(on, lane)), ...(quiet.length > 0 ? [quietRow(quiet.length)] : [])]
}

function breakerRow(on: Frame, { upstream, states, inferred = false }: BreakerLane): Element {
  const name = html`<span title=${oneLine(upstream)}>${oneLine(upstream, 40)}</span>`
  if (states === 'none') return row(HEIGHT, name, [ground(), html`<text class="quiet" x="7" y="16">no breaker configured</text>`])
  if (states === 'unknown')
    return row(HEIGHT, name, [
      html`<rect class="no-telemetry" y="3" height=${HEIGHT - 6} width="100%" />`,
      html`<text class="fault-name" x="7" y="16">gateway exposed no breaker state</text>`,
    ])
  return row(HEIGHT, name, [
    ground(),
    // Half-open last: at its least width it would hide under its neighbour.
    ...states.filter((span) => span.state !== 'half_open').map((span) => segment(on, upstream, span, inferred)),
    ...states.filter((span) => span.state === 'half_open').map((span) => segment(on, upstream, span, inferred)),
    ...states
      .slice(1)
      .map((span) => html`<line class="tick" x1="${on.percent(span.fromMs)}%" x2="${on.percent(span.fromMs)}%" y1="1" y2=${HEIGHT - 1} />`),
  ])
}

function segment(on: Frame, upstream: string, span: Span, inferred: boolean): Element {
  const lasted = moment(span.toMs - span.fromMs)
  const place = across(on, span.fromMs, span.toMs)
  const room = on.unit(span.toMs) - on.unit(span.fromMs)
  const word = stateWord(span.state).toUpperCase()
  const label = [`${word} ${inferred ? 'about ' : ''}${lasted}${inferred ? ' (inferred)' : ''}`, word].find(
    (text) => text.length * CHARACTER + 12 < room,
  )
  return html`
    <g>
      <title>
        ${oneLine(`${upstream} ${span.state} from ${moment(span.fromMs, 2)} for ${lasted}${inferred ? ', inferred from its traffic' : span.cause ? `: ${span.cause}` : ''}`)}
      </title>
      <rect
        class=${`breaker ${span.state}${inferred ? ' inferred' : ''}`}
        y="3"
        height=${HEIGHT - 6}
        ...${place}
        style=${span.state === 'half_open' ? `width:max(6px,${place.width})` : undefined}
      />
      ${label && html`<svg height=${HEIGHT} ...${place}><text class="on-${span.state}" x="7" y="16">${label}</text></svg>`}
    </g>
  `
}

function quietRow(others: number): Element {
  return row(HEIGHT, `${others} others`, [
    ground(),
    html`<rect class="breaker closed" y="3" height=${HEIGHT - 6} width="100%" />`,
    html`<text class="on-closed" x="7" y="16">CLOSED throughout</text>`,
  ])
}

const isQuiet = (lane: BreakerLane): boolean => Array.isArray(lane.states) && lane.states.every((span) => span.state === 'closed')
