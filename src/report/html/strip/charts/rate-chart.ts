// Requests that the plan asked for, and requests that were sent and ended. The axis begins at 0: otherwise a dip of 3 % looks like an outage.
import { ticks } from 'd3-array'
import { html, type Element } from '../../html.ts'
import { moment, count, share as percent } from '../../../../kernel/wording.ts'
import { chart } from './chart-figure.ts'
import { linearScale } from './scale.ts'
import { curves, ground, row, yLabels, type Frame } from '../frame.ts'
import { stepPath } from './line.ts'
import { total, type Bucket } from '../strip-buckets.ts'

const HEIGHT = 60
// Achieved below this share of offered is a finding about the run, not about the gateway.
const SHORT = 0.97

interface Rate {
  fromMs: number
  toMs: number
  offered: number
  achieved: number
}

export function rateChart(on: Frame, buckets: readonly Bucket[]): Element {
  const rates = buckets.map(rate)
  const peak = Math.max(1, ...rates.flatMap(({ offered, achieved }) => [offered, achieved]))
  const y = linearScale([0, peak * 1.15], [HEIGHT - 3, 3])
  const steps = (kind: 'offered' | 'achieved'): string =>
    stepPath(rates.map((each) => ({ x: on.unit(each.fromMs), toX: on.unit(each.toMs), y: y(each[kind]) })))
  const top = ticks(0, peak * 1.15, 2).at(-1) ?? peak
  const levels = [y(0), y(top)].map((level) => html`<line class="grid" x1="0" x2="100%" y1=${level} y2=${level} />`)
  const axis = yLabels(
    [
      { y: y(0) - 4, text: '0' },
      { y: Math.max(6, y(top)), text: `${count(top)}/s` },
    ],
    HEIGHT,
    'left',
  )
  const paths = [
    html`<path class="shortfall" d=${shortfall(on, rates, y)} />`,
    html`<path class="curve achieved" d=${steps('achieved')} />`,
    html`<path class="curve offered" d=${steps('offered')} />`,
  ]
  return chart('Load', sentence(buckets), row(HEIGHT, axis, [ground(), levels, curves(HEIGHT, paths)], endNames(rates, y)), {
    columns: ['from', 'offered /s', 'achieved /s'],
    rows: rates.map((each) => [moment(each.fromMs), count(each.offered), count(each.achieved)]),
  })
}

function rate(bucket: Bucket): Rate {
  const seconds = (bucket.toMs - bucket.fromMs) / 1000
  return { fromMs: bucket.fromMs, toMs: bucket.toMs, offered: bucket.offered / seconds, achieved: total(bucket) / seconds }
}

function shortfall(on: Frame, rates: readonly Rate[], y: (value: number) => number): string {
  return rates
    .filter(({ offered, achieved }) => achieved < SHORT * offered)
    .map(
      (each) =>
        `M${on.unit(each.fromMs)},${y(each.offered).toFixed(1)}H${on.unit(each.toMs)}V${y(each.achieved).toFixed(1)}H${on.unit(each.fromMs)}Z`,
    )
    .join('')
}

function endNames(rates: readonly Rate[], y: (value: number) => number): Element | null {
  const last = rates.at(-1)
  if (!last) return null
  const names = [
    { y: y(last.offered) - 7, text: 'offered', class: 'name offered' },
    { y: y(last.achieved) + 7, text: 'achieved', class: 'name achieved' },
  ]
  return yLabels(names, HEIGHT, 'right', 14)
}

function sentence(buckets: readonly Bucket[]): string {
  const offered = buckets.reduce((sum, bucket) => sum + bucket.offered, 0)
  const achieved = buckets.reduce((sum, bucket) => sum + total(bucket), 0)
  if (offered === 0) return 'No load was offered.'
  return `${count(achieved)} of ${count(offered)} requests that were due were sent and ended (${percent(achieved / offered)}).`
}
