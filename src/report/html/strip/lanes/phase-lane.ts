// Phases as labelled blocks; the warm-up, which nobody judges, is hollow.
import { html, type Element } from '../../html.ts'
import type { PlannedPhase } from '../../../../plan/plan.ts'
import { moment } from '../../../../kernel/wording.ts'
import { judgedBy } from '../../../judged-by.ts'
import { oneLine } from '../../../plain-text.ts'
import { across, row, type Frame } from '../frame.ts'

const HEIGHT = 20
// About the width of a character in thousandths of the narrowest plot, which is that of a phone and of paper.
const CHARACTER = 7.8

export function phaseLane(on: Frame, phases: readonly PlannedPhase[]): Element {
  return row(
    HEIGHT,
    'phases',
    phases.map(
      (phase) => html`
        <svg class=${phase.warmUp ? 'phase warm-up' : 'phase'} height=${HEIGHT} ...${across(on, phase.startMs, phase.endMs)}>
          <title>
            ${oneLine(`${phase.name}: ${moment(phase.startMs)} to ${moment(phase.endMs)}${judgedBy(phase) === undefined ? '' : `, ${judgedBy(phase)}`}`)}
          </title>
          <rect x="0.5" y="2.5" width="100%" height=${HEIGHT - 5} />
          <text x="7" y="14">${shortened(phase.name, on.unit(phase.endMs) - on.unit(phase.startMs))}</text>
        </svg>
      `,
    ),
  )
}

/** As much of a name as a block of this width shows; its title has all of it. */
function shortened(name: string, width: number): string {
  const room = Math.floor((width - 8) / CHARACTER)
  const whole = oneLine(name, 60)
  return whole.length <= room ? whole : room < 3 ? '' : `${whole.slice(0, room - 1)}…`
}
