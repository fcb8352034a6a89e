// Latency of ok requests over time, logarithmic, with the bounds of criteria drawn across their own windows only.
import { area } from 'd3-shape'
import { html, type Element } from '../../html.ts'
import { type Series, type SeriesPoint, seriesPoints } from '../../../../evidence/time-series.ts'
import type { Finding } from '../../../../judge/verdict.ts'
import { moment, count, quantile, span } from '../../../../kernel/wording.ts'
import { figure } from '../../../format.ts'
import { markOf } from '../../../result-marks.ts'
import { boundLines } from './bound-lines.ts'
import { chart } from './chart-figure.ts'
import { logScale, type Scale } from './scale.ts'
import { curves, ground, row, yLabels, type Frame } from '../frame.ts'
import { linePath } from './line.ts'
import { middle, type Bucket } from '../strip-buckets.ts'

const HEIGHT = 140
const quantiles = ['p99', 'p50', 'p95'] as const
type Quantile = (typeof quantiles)[number]

interface Bound {
  quantile: number
  label: string
  /** Absent: all. */
  upstream: string | undefined
  belowMs: number
  fromMs: number
  toMs: number
  failed: boolean
}

export function latencyChart(on: Frame, buckets: readonly Bucket[], findings: readonly Finding[], series: Series): Element {
  const bounds = findings.flatMap(boundOf)
  const axis = axisOf(buckets, bounds)
  const { y } = axis
  return chart(
    'Latency of ok requests',
    sentence(buckets),
    row(HEIGHT, axisLabels(axis), plot(on, axis, buckets, bounds, series), endNames(y, buckets)),
    {
      columns: ['from', 'ok requests', 'p50', 'p95', 'p99'],
      rows: buckets.map((bucket) => [
        moment(bucket.fromMs),
        count(bucket.outcomes.ok),
        ...(['p50', 'p95', 'p99'] as const).map((name) => figure(bucket[name], 'ms')),
      ]),
    },
  )
}

function boundOf(finding: Finding): Bound[] {
  const { id, latencyBound, window } = finding
  if (latencyBound === undefined || window === null || !latencyBound.outcomes.includes('ok')) return []
  const { quantile: level, upstream, belowMs } = latencyBound
  const label = `${id} ${upstream ? `${upstream} ` : ''}${quantile(level)} < ${span(belowMs)}`
  return [{ quantile: level, label, upstream, belowMs, ...window, failed: markOf(finding) === 'fail' }]
}

interface Axis {
  y: Scale
  /** Where lines stand: 10 ms, 100 ms, 1 s. */
  decades: number[]
}

/** From below the fastest to above the slowest, bounds included, and always with a decade line in sight. */
function axisOf(buckets: readonly Bucket[], bounds: readonly Bound[]): Axis {
  const seen = [...buckets.flatMap((bucket) => [bucket.p50, bucket.p99]), ...bounds.map((bound) => bound.belowMs)].filter(isPositive)
  const low = seen.length > 0 ? Math.min(...seen) / 1.4 : 1
  const high = seen.length > 0 ? Math.max(...seen) * 1.5 : 1000
  const decade = 10 ** Math.floor(Math.log10(high))
  const lowest = Math.min(low, decade / 1.2)
  const first = Math.ceil(Math.log10(lowest))
  const last = Math.floor(Math.log10(high))
  return {
    y: logScale([lowest, high], [HEIGHT - 4, 8]),
    decades: Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => 10 ** (first + at)),
  }
}

const axisLabels = ({ y, decades }: Axis): Element =>
  yLabels(
    decades.map((value) => ({ y: y(value), text: span(value) })),
    HEIGHT,
    'left',
  )

function plot(on: Frame, { y, decades }: Axis, buckets: readonly Bucket[], bounds: readonly Bound[], series: Series): Element[] {
  return [
    ground(),
    html`<g>${decades.map((value) => html`<line class="grid" x1="0" x2="100%" y1=${y(value)} y2=${y(value)} />`)}</g>`,
    curves(HEIGHT, [
      ...bounds.map((bound) => breach(on, y, series, bound)),
      ...quantiles.map((name) => html`<path class="curve ${name}" d=${linePath(points(on, y, buckets, name))} />`),
    ]),
    boundLines(
      on,
      bounds.map((bound) => Object.assign({ y: y(bound.belowMs) }, bound)),
    ),
  ]
}

const points = (on: Frame, y: Scale, buckets: readonly Bucket[], name: Quantile) =>
  buckets.map((bucket) => {
    const value = bucket[name]
    return { x: on.unit(middle(bucket)), y: isPositive(value) ? y(value) : null }
  })

/** For a bound that did not hold: the area between it and the quantile of the requests it is about, where that is above it. */
function breach(on: Frame, y: Scale, series: Series, bound: Bound): Element | null {
  const name = quantiles.find((candidate) => Number(candidate.slice(1)) === bound.quantile * 100)
  if (!name || !bound.failed) return null
  const inside = seriesPoints(series, { upstream: bound.upstream, outcomes: ['ok'] }).filter(
    (point) => middle(point) >= bound.fromMs && middle(point) <= bound.toMs,
  )
  // A null between two points that do not touch keeps the gap between them empty.
  const withGaps = inside.flatMap((point, index) => (index > 0 && inside[index - 1]!.toMs < point.fromMs ? [null, point] : [point]))
  const draw = area<SeriesPoint | null>()
    .digits(1)
    .defined((point) => point !== null)
    .x((point) => (point === null ? 0 : on.unit(middle(point))))
    .y0(y(bound.belowMs))
    .y1((point) => y(Math.max(bound.belowMs, point?.[name] ?? 0)))
  return html`<path class="breach" d=${draw(withGaps) ?? ''} />`
}

function endNames(y: Scale, buckets: readonly Bucket[]): Element | null {
  const names = quantiles.flatMap((name) => {
    const value = buckets.findLast((bucket) => isPositive(bucket[name]))?.[name]
    return isPositive(value) ? [{ y: y(value), text: name, class: `name ${name}` }] : []
  })
  return yLabels(names, HEIGHT, 'right', 13)
}

function sentence(all: readonly Bucket[]): string {
  const buckets = all.filter(({ judged }) => judged)
  const seen = buckets.filter((bucket) => bucket.p95 !== null)
  if (seen.length === 0) return 'No request ended ok.'
  const peak = seen.reduce((worst, bucket) => ((bucket.p95 ?? 0) > (worst.p95 ?? 0) ? bucket : worst))
  const sorted = seen.map((bucket) => bucket.p95 ?? 0).toSorted((a, b) => a - b)
  const usual = sorted[Math.floor(sorted.length / 2)] ?? 0
  const gaps = buckets.length - seen.length
  return `p95 was ${span(usual)} in the median interval and peaked at ${span(peak.p95 ?? 0)}, ${moment(peak.fromMs)} into the run.${gaps > 0 ? ` Gaps: no request ended ok.` : ''}`
}

const isPositive = (value: number | null | undefined): value is number => value !== null && value !== undefined && value > 0
