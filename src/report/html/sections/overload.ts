// An overload that was judged by what came after it: load, capacity and good answers of the upstream on one axis, and side by side from
// before and after. Where load and capacity are the same and good answers are not, the overload has outlived its cause.
import { ticks } from 'd3-array'
import { goodputAfter } from '../../../criteria/recovery/goodput-after.ts'
import { type Series, arrivalsWithin, seriesPoints } from '../../../evidence/time-series.ts'
import { actsOn } from '../../../faults/fault.ts'
import { count, moment } from '../../../kernel/wording.ts'
import type { Plan } from '../../../plan/plan.ts'
import type { ReportedRun } from '../../../run/reported-run.ts'
import { NOTHING, figure } from '../../format.ts'
import { oneLine } from '../../plain-text.ts'
import { html, type Element } from '../html.ts'
import { chart } from '../strip/charts/chart-figure.ts'
import { type Frame, GUTTER, LABELS, type Span, curves, frame, ground, row, timeAxis, yLabels } from '../strip/frame.ts'
import { stepPath } from '../strip/charts/line.ts'
import { linearScale } from '../strip/charts/scale.ts'
import { reached } from '../strip/strip-buckets.ts'
import type { Section } from './section.ts'

export const overload: Section = {
  id: 'overload',
  name: 'Overload',
  title: 'Goodput, load and capacity',
  render(run) {
    const stories = run.verdict.findings.flatMap(({ id, criterion, result, window }) => {
      const parsed = goodputAfter.schema.safeParse(criterion)
      return parsed.success && window !== null ? [{ ...parsed.data, id, result, since: window }] : []
    })
    return stories.length === 0 ? null : html`${stories.map((story) => overloadOf(run, story))}`
  },
}

interface Story {
  /** Of the finding. */
  id: string
  result: 'pass' | 'fail' | 'inconclusive'
  upstream: string
  after: string
  comparedWith: string
  /** What was judged. */
  since: Span
}

function overloadOf(run: ReportedRun, story: Story): Element {
  const { plan } = run.record
  const phase = (name: string): Span => {
    const found = plan.phases.find((each) => each.name === name)
    return { fromMs: found?.startMs ?? 0, toMs: found?.endMs ?? 0 }
  }
  const sides = [
    { name: story.comparedWith, ...flowIn(run, story.upstream, phase(story.comparedWith)) },
    { name: story.after, ...flowIn(run, story.upstream, phase(story.after)) },
    { name: `since ${moment(story.since.fromMs)}`, ...flowIn(run, story.upstream, story.since) },
  ]
  return html`
    <p>${story.id}: ${conclusion(story, sides[0]!, sides[2]!)}</p>
    ${goodputChart(run, story.upstream)}
    <table class="tiles">
      <caption>
        ${oneLine(story.upstream, 80)}, per second. Attempts are what it received; good answers are what clients got. Capacity is what its
        workers can do of this load while nothing slows them.
      </caption>
      <thead>
        <tr>
          ${columns.map((name, at) => html`<th scope="col" class=${at === 0 ? 'text' : 'number'}>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${sides.map(sideRow)}
      </tbody>
    </table>
  `
}

const columns = ['when', 'asked /s', 'capacity /s', 'attempts /s', 'good answers /s']

const sideRow = ({ name, asked, capacity, attempts, good }: Flow & { name: string }): Element => html`
  <tr>
    <th scope="row" class="text"><span>${oneLine(name, 80)}</span></th>
    ${[asked, capacity, attempts, good].map(
      (value, at) => html`<td class="number" data-label=${columns[at + 1]}><span>${perSecond(value)}</span></td>`,
    )}
  </tr>
`

function conclusion({ result, after, comparedWith, upstream }: Story, before: Flow, since: Flow): string {
  const then = oneLine(comparedWith, 40)
  const same = `After ${oneLine(after, 40)}, load and capacity of ${oneLine(upstream, 40)} are what they were in ${then}`
  const rates = `${perSecond(since.good)} good answers, and ${perSecond(before.good)} in ${then}`
  if (result === 'fail') return `${same}, and goodput is not: ${rates}. The overload has outlived its cause.`
  return result === 'pass' ? `${same}, and so is goodput: ${rates}.` : `${same}. Whether goodput is too could not be decided: ${rates}.`
}

/** Per second; null where nobody knows. */
interface Flow {
  asked: number | null
  capacity: number | null
  attempts: number | null
  good: number | null
}

function flowIn({ record: { plan }, evidence: { series } }: ReportedRun, upstream: string, { fromMs, toMs }: Span): Flow {
  const rates = ratesOf(series, upstream).filter((rate) => rate.fromMs >= fromMs && rate.toMs <= toMs)
  const mean = (part: 'asked' | 'good'): number | null =>
    rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate[part], 0) / rates.length
  const arrived = arrivalsWithin(series, upstream, fromMs, toMs)
  return {
    asked: mean('asked'),
    capacity: isSlowed(plan, upstream, { fromMs, toMs }) ? null : (plan.upstreams[upstream]?.capacity?.perSecond ?? null),
    attempts: arrived.watchedMs > 0 ? (arrived.count / arrived.watchedMs) * 1000 : null,
    good: mean('good'),
  }
}

/** What a fault leaves of a capacity is not known. */
const isSlowed = ({ faults }: Plan, upstream: string, { fromMs, toMs }: Span): boolean =>
  faults.some((fault) => actsOn(fault, upstream) && fault.startMs < toMs && fault.endMs > fromMs)

interface Rate extends Span {
  asked: number
  attempts: number
  good: number
}

const SECOND = 1000

/** Second after second. */
function ratesOf(series: Series, upstream: string): Rate[] {
  const merge = Math.max(1, Math.round(SECOND / series.bucketMs))
  const good = new Map(seriesPoints(series, { upstream, outcomes: ['ok'], merge }).map((point) => [point.fromMs, point.count]))
  return seriesPoints(series, { upstream, merge }).map(({ fromMs, toMs, count: asked }) => {
    const scale = SECOND / (toMs - fromMs)
    const attempts = arrivalsWithin(series, upstream, fromMs, toMs).count
    return { fromMs, toMs, asked: asked * scale, attempts: attempts * scale, good: (good.get(fromMs) ?? 0) * scale }
  })
}

const HEIGHT = 120

function goodputChart(run: ReportedRun, upstream: string): Element {
  const { plan } = run.record
  const on = frame(plan.durationMs, { shades: [], failed: [] }, reached(plan, run.evidence))
  const rates = ratesOf(run.evidence.series, upstream)
  const capacity = plan.upstreams[upstream]?.capacity?.perSecond
  const peak = Math.max(1, capacity ?? 0, ...rates.flatMap(({ asked, attempts, good }) => [asked, attempts, good]))
  const y = linearScale([0, peak * 1.1], [HEIGHT - 3, 3])
  const steps = (kind: 'asked' | 'attempts' | 'good'): string =>
    stepPath(rates.map((rate) => ({ x: on.unit(rate.fromMs), toX: on.unit(rate.toMs), y: y(rate[kind]) })))
  const levels = ticks(0, peak * 1.1, 3)
  const axis = yLabels(
    levels.map((level) => ({ y: y(level), text: level === 0 ? '0' : `${count(level)}/s` })),
    HEIGHT,
    'left',
  )
  const paths = [
    html`<path class="attempts nth-2" d=${steps('attempts')} />`,
    html`<path class="offered" d=${steps('asked')} />`,
    html`<path class="achieved" d=${steps('good')} />`,
  ]
  const grid = levels.map((level) => html`<line class="grid" x1="0" x2="100%" y1=${y(level)} y2=${y(level)} />`)
  const plot = [ground(), grid, capacity !== undefined && capacityLine(on, plan, upstream, y(capacity)), curves(HEIGHT, paths)]
  const said = `Of ${oneLine(upstream, 40)}: what was asked for, what it was asked with every retry, its capacity, and good answers.`
  const data = {
    columns: ['from', 'asked /s', 'attempts /s', 'good answers /s'],
    rows: rates.map((rate) => [moment(rate.fromMs), ...[rate.asked, rate.attempts, rate.good].map((value) => count(Math.round(value)))]),
  }
  return html`
    <div class="strip" tabindex="0" role="region" aria-label="Goodput, load and capacity">
      <div class="strip-inner" style="--gutter:${GUTTER}px;--labels:${LABELS}px">
        ${chart('Goodput', said, row(HEIGHT, axis, plot, endNames(rates, capacity, y)), data)} ${timeAxis(on)}
      </div>
    </div>
  `
}

/** Broken where a fault slows the workers. */
function capacityLine(on: Frame, plan: Plan, upstream: string, level: number): Element {
  const free = plan.phases.filter(({ startMs, endMs }) => !isSlowed(plan, upstream, { fromMs: startMs, toMs: endMs }))
  return html`<g class="capacity">
    ${free.map(({ startMs, endMs }) => html`<line x1="${on.percent(startMs)}%" x2="${on.percent(endMs)}%" y1=${level} y2=${level} />`)}
  </g>`
}

function endNames(rates: readonly Rate[], capacity: number | undefined, y: (value: number) => number): Element | null {
  const last = rates.at(-1)
  if (!last) return null
  const names = [
    { y: y(last.asked), text: 'asked', class: 'name offered' },
    { y: y(last.attempts), text: 'attempts', class: 'name attempts' },
    { y: y(last.good), text: 'good', class: 'name achieved' },
    ...(capacity === undefined ? [] : [{ y: y(capacity), text: 'capacity', class: 'name' }]),
  ]
  return yLabels(names, HEIGHT, 'right', 14)
}

const perSecond = (value: number | null): string => (value === null ? NOTHING : figure(value, 'per_second'))
