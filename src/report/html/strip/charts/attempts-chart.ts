// Attempts per request: arrivals at an upstream over client requests for it. Retries lift it above 1, an open breaker drops it to 0.
import { html, type Element } from '../../html.ts'
import { moment, fixed } from '../../../../kernel/wording.ts'
import type { Finding } from '../../../../judge/verdict.ts'
import { bound, figure } from '../../../format.ts'
import { oneLine } from '../../../plain-text.ts'
import { boundLines, boundsOf } from './bound-lines.ts'
import { chart } from './chart-figure.ts'
import { linearScale } from './scale.ts'
import { curves, ground, row, yLabels, type Frame } from '../frame.ts'
import { stepPath } from './line.ts'
import type { Bucket } from '../strip-buckets.ts'

const HEIGHT = 58
const LINES = 3

/** One line each for the first three of `upstreams`, told apart by dashes and by name. */
export function attemptsChart(on: Frame, buckets: readonly Bucket[], upstreams: readonly string[], findings: readonly Finding[]): Element {
  const shown = upstreams.slice(0, LINES)
  const value = (bucket: Bucket, upstream: string): number | null => bucket.attempts[upstream] ?? null
  const peak = Math.max(0, ...buckets.flatMap((bucket) => shown.map((upstream) => value(bucket, upstream) ?? 0)))
  const limits = findings.filter(({ criterion, bound: limit }) => criterion.kind === 'amplification' && limit !== null)
  // A bound far above all that was seen would press the curves to the ground: it stands at the upper edge then.
  const highest = Math.max(0, ...limits.map(({ bound: limit }) => limit ?? 0))
  const top = Math.max(2, peak, Math.min(2 * peak, highest))
  const y = linearScale([0, top * 1.12], [HEIGHT - 3, 3])
  const levels = top > 3 ? [0, Math.floor(top)] : [0, 1, 2]
  const bounds = boundsOf(limits, (finding) => ({
    y: Math.max(2, y(finding.bound ?? 0)),
    label: `${oneLine(finding.criterion.upstream ?? '', 20)} ${bound(finding)}`,
  }))
  const grid = levels.map((level) => html`<line class="grid" x1="0" x2="100%" y1=${y(level)} y2=${y(level)} />`)
  const lines = shown.map((upstream, index) => {
    const steps = buckets.map((bucket) => {
      const level = value(bucket, upstream)
      return { x: on.unit(bucket.fromMs), toX: on.unit(bucket.toMs), y: level === null ? null : y(level) }
    })
    return html`<path class="curve attempts nth-${index}" d=${stepPath(steps)} />`
  })
  const ends = shown.flatMap((upstream) => {
    const last = buckets.findLast((bucket) => value(bucket, upstream) !== null)
    return last ? [{ y: y(value(last, upstream) ?? 0), text: oneLine(upstream, 11), class: 'name attempts' }] : []
  })
  const axis = yLabels(
    levels.map((level) => ({ y: Math.min(y(level), HEIGHT - 6), text: `${level}×` })),
    HEIGHT,
    'left',
  )
  return chart(
    'Attempts per request',
    sentence(buckets, shown),
    row(HEIGHT, axis, [ground(), grid, curves(HEIGHT, lines), boundLines(on, bounds)], yLabels(ends, HEIGHT, 'right', 13)),
    {
      columns: ['from', ...shown.map((upstream) => oneLine(upstream, 40))],
      rows: buckets.map((bucket) => [moment(bucket.fromMs), ...shown.map((upstream) => figure(value(bucket, upstream), 'per_call'))]),
    },
  )
}

function sentence(buckets: readonly Bucket[], upstreams: readonly string[]): string {
  const parts = upstreams.flatMap((upstream) => {
    const seen = buckets.filter((bucket) => bucket.judged && (bucket.attempts[upstream] ?? null) !== null)
    if (seen.length === 0) return []
    const worst = seen.reduce((most, bucket) => ((bucket.attempts[upstream] ?? 0) > (most.attempts[upstream] ?? 0) ? bucket : most))
    return [`${oneLine(upstream, 40)} peaked at ${fixed(worst.attempts[upstream] ?? 0, 2)}× at ${moment(worst.fromMs)}`]
  })
  return parts.length === 0 ? 'No request was made.' : `${parts.join('; ')}.`
}
