// Bounds of criteria on a chart of what they bound: a dashed segment across the window of each, with its label.
import { html, type Element } from '../../html.ts'
import type { Finding } from '../../../../judge/verdict.ts'
import { markOf } from '../../../result-marks.ts'
import type { Frame } from '../frame.ts'

// About the width of a character in thousandths of a plot of usual width.
const CHARACTER = 6.6

export interface BoundLine {
  /** Where it stands in the chart, from the top. */
  y: number
  label: string
  fromMs: number
  toMs: number
  failed: boolean
}

/** `levelOf`: the place of a finding's bound in the chart; undefined for a finding about something else. */
export function boundsOf(
  findings: readonly Finding[],
  levelOf: (finding: Finding) => { y: number; label: string } | undefined,
): BoundLine[] {
  return findings.flatMap((finding) => {
    const level = levelOf(finding)
    if (level === undefined || finding.window === null) return []
    const { fromMs, toMs } = finding.window
    return [{ y: level.y, label: `${finding.id} ${level.label}`, fromMs, toMs, failed: markOf(finding) === 'fail' }]
  })
}

/** Labels stand at the right end: above the line, or below it where a label already stands. */
export function boundLines(on: Frame, bounds: readonly BoundLine[]): Element {
  const labels: { x: number; y: number }[] = []
  return html`<g>${bounds.map((bound) => boundLine(on, bound, labels))}</g>`
}

function boundLine(on: Frame, { y: level, label, fromMs, toMs, failed }: BoundLine, labels: { x: number; y: number }[]): Element {
  const end = on.percent(toMs)
  const above = { x: end, y: level - 5 }
  const taken = labels.some((each) => Math.abs(each.x - above.x) < 20 && Math.abs(each.y - above.y) < 12)
  const place = taken || above.y < 10 ? { x: end, y: level + 13 } : above
  labels.push(place)
  // Beyond the left edge a label could not be read.
  const leftmost = end * 10 < label.length * CHARACTER
  return html`
    <g class=${failed ? 'bound failed' : 'bound'}>
      <line x1="${on.percent(fromMs)}%" x2="${end}%" y1=${level} y2=${level} />
      <text
        x=${leftmost ? `${on.percent(fromMs)}%` : `${end}%`}
        dx=${leftmost ? 3 : -3}
        y=${place.y}
        text-anchor=${leftmost ? 'start' : 'end'}
      >
        ${label}
      </text>
    </g>
  `
}
