// Faults: a hollow bar is planned, a solid bar is observed. Only these lanes hold the names; the plots below are shaded.
import { html, type Element } from '../../html.ts'
import type { Ms } from '../../../../kernel/clock.ts'
import { moment } from '../../../../kernel/wording.ts'
import { oneLine } from '../../../plain-text.ts'
import { across, ground, row, type Frame } from '../frame.ts'
import { packLanes, placeOf } from './pack-lanes.ts'

export interface FaultBar {
  id: string
  upstream: string
  words: string
  planned: { fromMs: Ms; toMs: Ms }
  /** From the first bite (or, unseen, the acknowledgement) to the clearing; null when it never acted. */
  observed: { fromMs: Ms; toMs: Ms; bitten: boolean } | null
}

const HEIGHT = 20
// More faults of one time are one bar: those of the probes of claims are many, and each hits a probe of its own alone.
const APART = 3

export function faultLanes(on: Frame, faults: readonly FaultBar[]): Element[] {
  if (faults.length === 0) return [row(HEIGHT, 'faults', [ground(), html`<text class="quiet" x="6" y="14">no faults scheduled</text>`])]
  const bars = together(faults).map((fault) => Object.assign({ fault, label: labelOf(fault) }, fault.planned))
  return packLanes(on, bars).map((lane, index) =>
    row(HEIGHT, index === 0 ? 'faults' : '', [ground(), ...lane.map(({ fault }) => bar(on, fault))]),
  )
}

/** Faults that are planned for the same time, where they are many, as one: "F2–F7 gemini: 6 faults". */
function together(faults: readonly FaultBar[]): FaultBar[] {
  const byTime = Map.groupBy(faults, ({ planned }) => `${planned.fromMs} ${planned.toMs}`)
  return [...byTime.values()].flatMap((same) => {
    if (same.length <= APART) return same
    const [first, last] = [same[0]!, same.at(-1)!]
    const seen = same.flatMap(({ observed }) => observed ?? [])
    const upstreams = [...new Set(same.map(({ upstream }) => upstream))].join(', ')
    const unseen = same.length - seen.length
    return {
      id: `${first.id}–${last.id}`,
      upstream: `${upstreams}:`,
      words: `${same.length} faults${unseen > 0 && seen.length > 0 ? `, ${unseen} never seen` : ''}`,
      planned: first.planned,
      observed:
        seen.length === 0
          ? null
          : {
              fromMs: Math.min(...seen.map(({ fromMs }) => fromMs)),
              toMs: Math.max(...seen.map(({ toMs }) => toMs)),
              bitten: seen.every(({ bitten }) => bitten),
            },
    }
  })
}

function bar(on: Frame, fault: FaultBar): Element {
  const planned = across(on, fault.planned.fromMs, fault.planned.toMs)
  const name = labelOf(fault)
  const places = {
    inside: { x: planned.x, dx: 7 },
    after: { x: `${on.percent(fault.planned.toMs)}%`, dx: 6 },
    before: { x: planned.x, dx: -6, 'text-anchor': 'end' },
  }
  return html`
    <g>
      <title>${title(fault)}</title>
      ${
        fault.observed &&
        html`<rect class="fault-observed" y="4" height=${HEIGHT - 8} ...${across(on, fault.observed.fromMs, fault.observed.toMs)} />`
      }
      <rect class="fault-planned" y="2" height=${HEIGHT - 4} rx="2" ...${planned} />
      <text class="fault-name" y="14" ...${places[placeOf(on, { ...fault.planned, label: name })]}>${name}</text>
    </g>
  `
}

const labelOf = (fault: FaultBar): string =>
  oneLine(`${fault.id} ${fault.upstream} ${fault.words}${fault.observed === null ? ' (never seen)' : ''}`, 70)

function title({ observed, planned, ...fault }: FaultBar): string {
  const seen =
    observed === null
      ? 'never seen to act'
      : `${observed.bitten ? 'seen to bite' : 'acknowledged, bite not seen,'} ${moment(observed.fromMs, 2)} to ${moment(observed.toMs, 2)}`
  return oneLine(`${fault.id} ${fault.upstream} ${fault.words}: planned ${moment(planned.fromMs)} to ${moment(planned.toMs)}, ${seen}`)
}
