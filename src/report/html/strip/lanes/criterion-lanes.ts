// Criteria on the time axis: each as a bar over the window that it was judged in, with what was measured and its bound. A bar that failed
// is hatched, and one that is inconclusive is dotted. Bars are links to the row of the verdict, and cards link to the bars.
import { html, type Element } from '../../html.ts'
import type { Ms } from '../../../../kernel/clock.ts'
import type { Finding } from '../../../../judge/verdict.ts'
import { bound, measured } from '../../../format.ts'
import { markOf, marks } from '../../../result-marks.ts'
import { oneLine } from '../../../plain-text.ts'
import { across, type Frame } from '../frame.ts'
import { packLanes, placeOf } from './pack-lanes.ts'

/** The anchor of a finding's bar. */
export const windowAnchor = ({ id }: Pick<Finding, 'id'>): string => `w-${id}`

export function criterionLanes(on: Frame, findings: readonly Finding[], name: string): Element[] {
  const bars = findings.flatMap((finding) =>
    finding.window === null
      ? []
      : [{ fromMs: finding.window.fromMs, toMs: Math.min(finding.window.toMs, on.durationMs), finding, label: labelOf(finding) }],
  )
  // What failed stands above the others.
  const [failed, others] = [true, false].map((isFailed) => bars.filter(({ finding }) => (markOf(finding) === 'fail') === isFailed))
  return [...packLanes(on, failed!), ...packLanes(on, others!)].map((lane, at) =>
    lanesRow(
      at === 0 ? name : '',
      lane.map((bar) => barOf(on, bar)),
    ),
  )
}

/** Where criteria failed, overlapping windows as one. A window as long as the run says nothing of when, and is left out. */
export function failedSpans(findings: readonly Finding[], durationMs: Ms): { fromMs: Ms; toMs: Ms }[] {
  return findings
    .filter((finding) => markOf(finding) === 'fail')
    .flatMap(({ window }) => (window === null || window.toMs - window.fromMs > MOST * durationMs ? [] : [window]))
    .map(({ fromMs, toMs }) => ({ fromMs, toMs }))
}

const MOST = 0.9

function barOf(on: Frame, { finding, fromMs, toMs, label }: { finding: Finding; fromMs: Ms; toMs: Ms; label: string }): Element {
  const { x: left, width } = across(on, fromMs, toMs)
  const mark = markOf(finding)
  return html`<a
    id=${windowAnchor(finding)}
    class="span ${mark} ${placeOf(on, { fromMs, toMs, label })}"
    style="left:${left};width:${width}"
    href="#${finding.id}"
    title=${oneLine(finding.sentence, 200)}
    ><span>${label}</span></a
  >`
}

const labelOf = (finding: Finding): string => {
  const mark = markOf(finding)
  return oneLine(`${marks[mark].glyph} ${finding.id} ${measured(finding)}, bound ${bound(finding)}`, 60)
}

const lanesRow = (left: string, bars: Element[]): Element => html`
  <div class="row lane">
    <div class="gutter">${left}</div>
    <div class="spans">${bars}</div>
    <div class="ends"></div>
  </div>
`
