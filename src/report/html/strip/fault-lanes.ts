// Faults: a hollow bar is planned, a solid bar is observed. Only these lanes hold the names; the plots below are shaded.
import { html, type Element } from '../html.ts'
import type { Ms } from '../../../kernel/clock.ts'
import { moment } from '../../../kernel/wording.ts'
import { oneLine } from '../../plain-text.ts'
import { across, ground, row, type Frame } from './frame.ts'

export interface FaultBar {
  id: string
  upstream: string
  words: string
  planned: { fromMs: Ms; toMs: Ms }
  /** From the first bite (or, unseen, the acknowledgement) to the clearing; null when it never acted. */
  observed: { fromMs: Ms; toMs: Ms; bitten: boolean } | null
}

const HEIGHT = 20
// About the width of a character of 11.5 px in thousandths of a plot of usual width.
const CHARACTER = 6.6

export function faultLanes(on: Frame, faults: readonly FaultBar[]): Element[] {
  if (faults.length === 0) return [row(HEIGHT, 'faults', [ground(on), html`<text class="quiet" x="6" y="14">no faults scheduled</text>`])]
  return lanes(on, faults).map((lane, index) =>
    row(HEIGHT, index === 0 ? 'faults' : '', [ground(on), ...lane.map((fault) => bar(on, fault))]),
  )
}

function bar(on: Frame, fault: FaultBar): Element {
  const planned = across(on, fault.planned.fromMs, fault.planned.toMs)
  const name = label(fault)
  const from = on.unit(fault.planned.fromMs)
  const to = on.unit(fault.planned.toMs)
  const inside = to - from > name.length * CHARACTER + 12
  const place = inside
    ? { x: planned.x, dx: 7 }
    : 1000 - to > name.length * CHARACTER
      ? { x: `${on.percent(fault.planned.toMs)}%`, dx: 6 }
      : { x: planned.x, dx: -6, 'text-anchor': 'end' }
  return html`
    <g>
      <title>${title(fault)}</title>
      ${
        fault.observed &&
        html`<rect class="fault-observed" y="4" height=${HEIGHT - 8} ...${across(on, fault.observed.fromMs, fault.observed.toMs)} />`
      }
      <rect class="fault-planned" y="2" height=${HEIGHT - 4} rx="2" ...${planned} />
      <text class="fault-name" y="14" ...${place}>${name}</text>
    </g>
  `
}

const label = (fault: FaultBar): string =>
  oneLine(`${fault.id} ${fault.upstream} ${fault.words}${fault.observed === null ? ' (never seen)' : ''}`, 70)

function title({ observed, planned, ...fault }: FaultBar): string {
  const seen =
    observed === null
      ? 'never seen to act'
      : `${observed.bitten ? 'seen to bite' : 'acknowledged, bite not seen,'} ${moment(observed.fromMs, 2)} to ${moment(observed.toMs, 2)}`
  return oneLine(`${fault.id} ${fault.upstream} ${fault.words}: planned ${moment(planned.fromMs)} to ${moment(planned.toMs)}, ${seen}`)
}

/** First lane in which a fault and its name do not touch what is there. */
function lanes(on: Frame, faults: readonly FaultBar[]): FaultBar[][] {
  const result: { end: number; faults: FaultBar[] }[] = []
  for (const fault of faults.toSorted((a, b) => a.planned.fromMs - b.planned.fromMs)) {
    const from = on.unit(fault.planned.fromMs)
    const end = Math.max(on.unit(fault.planned.toMs), from + label(fault).length * CHARACTER) + 12
    const free = result.find((lane) => lane.end <= from)
    if (free) {
      free.faults.push(fault)
      free.end = end
    } else result.push({ end, faults: [fault] })
  }
  return result.map((lane) => lane.faults)
}
