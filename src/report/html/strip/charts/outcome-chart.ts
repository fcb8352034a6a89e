// What became of requests, as shares of those due in each interval, stacked from good to bad.
import { html, type Element } from '../../html.ts'
import { type Outcome, outcomeNames } from '../../../../contract/outcome.ts'
import { moment, count, share as percent } from '../../../../kernel/wording.ts'
import type { Finding } from '../../../../judge/verdict.ts'
import { bound } from '../../../format.ts'
import { boundLines, boundsOf } from './bound-lines.ts'
import { chart } from './chart-figure.ts'
import { linearScale } from './scale.ts'
import { curves, ground, row, yLabels, type Frame, type YLabel } from '../frame.ts'
import { tenth } from './line.ts'
import { total, type Bucket } from '../strip-buckets.ts'

const HEIGHT = 76

/** Outcomes that look alike to a client share a band. */
const bandOf: Record<Outcome, 'ok' | 'fallback' | 'refused' | 'error'> = {
  ok: 'ok',
  fallback: 'fallback',
  rejected: 'refused',
  shed: 'refused',
  limited: 'refused',
  upstream_error: 'error',
  timeout: 'error',
  connection_error: 'error',
  damaged: 'error',
  client_timeout: 'error',
}
const bands = (['ok', 'fallback', 'refused', 'error'] as const).map((name) => ({
  name,
  class: name,
  of: outcomeNames.filter((outcome) => bandOf[outcome] === name),
}))

const y = linearScale([0, 1], [HEIGHT - 3, 3])

export function outcomeChart(on: Frame, buckets: readonly Bucket[], findings: readonly Finding[]): Element {
  const grid = [0, 0.5, 1].map((share) => html`<line class="grid" x1="0" x2="100%" y1=${y(share)} y2=${y(share)} />`)
  const paths = bands.map((band, index) => html`<path class="band ${band.class}" d=${bandPath(on, buckets, index)} />`)
  const axis = yLabels(
    [0, 0.5, 1].map((share) => ({ y: edged(y(share)), text: `${share * 100} %` })),
    HEIGHT,
    'left',
  )
  return chart(
    'Outcomes',
    sentence(buckets),
    row(
      HEIGHT,
      axis,
      [ground(), ...grid, curves(HEIGHT, paths), boundLines(on, boundsOf(findings, levelOf))],
      yLabels(names(buckets), HEIGHT, 'right', 14),
    ),
    {
      columns: ['from', 'requests', ...bands.map((band) => band.name)],
      rows: buckets.map((bucket) => [
        moment(bucket.fromMs),
        count(total(bucket)),
        ...bands.map((band) => (total(bucket) === 0 ? '–' : percent(share(bucket, band.of)))),
      ]),
    },
  )
}

/** Errors are the bands at the top, and good answers the one at the bottom. */
function levelOf(finding: Finding): { y: number; label: string } | undefined {
  const { criterion, bound: limit } = finding
  if (limit === null) return undefined
  if (criterion.kind === 'error_rate') return { y: y(1 - limit), label: `errors ${bound(finding)}` }
  return criterion.kind === 'goodput' ? { y: y(limit), label: `ok ${bound(finding)}` } : undefined
}

const share = (bucket: Bucket, of: readonly Outcome[]): number =>
  total(bucket) === 0 ? 0 : of.reduce((sum, outcome) => sum + bucket.outcomes[outcome], 0) / total(bucket)

/** One rectangle an interval; neighbours of one height are joined, intervals without requests left out. */
function bandPath(on: Frame, buckets: readonly Bucket[], index: number): string {
  const below = bands.slice(0, index).flatMap((band) => band.of)
  const upTo = [...below, ...bands[index]!.of]
  const rectangles: { x: number; toX: number; top: number; bottom: number }[] = []
  for (const bucket of buckets) {
    const top = tenth(y(share(bucket, upTo)))
    const bottom = tenth(y(share(bucket, below)))
    if (top === bottom) continue
    const last = rectangles.at(-1)
    const x = tenth(on.unit(bucket.fromMs))
    const toX = tenth(on.unit(bucket.toMs))
    if (last?.toX === x && last.top === top && last.bottom === bottom) last.toX = toX
    else rectangles.push({ x, toX, top, bottom })
  }
  return rectangles.map(({ x, toX, top, bottom }) => `M${x},${top}H${toX}V${bottom}H${x}Z`).join('')
}

/** Each band that occurs is named at the right, in stacking order. */
function names(buckets: readonly Bucket[]): YLabel[] {
  const seen = bands.filter((band) => buckets.some((bucket) => share(bucket, band.of) > 0))
  return seen.map((band, index) => ({ y: HEIGHT - 8 - index * 14, text: band.name, class: `name ${band.class}` }))
}

function sentence(shown: readonly Bucket[]): string {
  const buckets = shown.filter(({ judged }) => judged)
  const all = buckets.reduce((sum, bucket) => sum + total(bucket), 0)
  if (all === 0) return 'No request was answered.'
  const parts = bands.flatMap((band) => {
    const part = buckets.reduce((sum, bucket) => sum + band.of.reduce((inner, outcome) => inner + bucket.outcomes[outcome], 0), 0)
    return part > 0 ? [`${percent(part / all)} ${band.name}`] : []
  })
  return `Of ${count(all)} requests: ${parts.join(', ')}.`
}

/** Keeps the labels of both ends inside the row. */
const edged = (level: number): number => Math.min(Math.max(level, 6), HEIGHT - 6)
