// Stretches in which a gateway refuses a part of the requests, and lets the others pass. Two or more workers, each with a breaker of its
// own, look so: some are open, the others are not.
//
//   worker 1  ••••••••|────── open ──────|••••••
//   worker 2  ••••••••••••••••••••••••••••••••••
//   refused           ░░░░░░░░░░░░░░░░░░░         50 % of what is due
//
// A single breaker refuses all or nothing, but for the moment in which it changes its state. A bulkhead refuses a part too, while it is
// full: as much as ever is then in flight.
import { moment, share } from '../../../kernel/wording.ts'
import type { Outcome } from '../../../contract/outcome.ts'
import { refusals } from '../../../evidence/flow.ts'
import type { Ms } from '../../../kernel/clock.ts'
import type { PartialOpening } from '../../finding/observation.ts'
import type { Case } from '../../finding/raw-finding.ts'
import { rateInterval } from '../statistics/statistics.ts'
import { type Silence, type Span, dueIn, flowOf, inFlightAt, passages, passesIds, steadyTime, sumWithin, tellingRoutes } from './traffic.ts'

const WINDOW: Ms = 1000
const MIN_ASKED = 10
/** More than ever when all is well, by this part of the requests. */
const MORE = 0.05
/** What a full bulkhead holds, of the most that was ever in flight. Fewer in flight say nothing. */
const FULL = 0.7
const MIN_FULL = 2
/** Of the share that is refused in a stretch; what has less is at its edge. */
const EDGE = 0.5

interface Passed {
  asked: number
  refused: number
  passed: number
}

/** The stretches outside `silences`, in which nothing passes at all. */
export function partialOpenings(run: Case, upstream: string, silences: readonly Silence[]): PartialOpening[] {
  const { bucketMs } = run.evidence.series
  const buckets = bucketsOf(run, upstream)
  const steady = steadyTime(run.plan)
  const usual = steady ? sumOf(buckets, Math.ceil(steady.fromMs / bucketMs), Math.floor(steady.toMs / bucketMs)) : undefined
  const usualShare = usual && usual.asked > 0 ? usual.refused / usual.asked : 0
  const each = Math.ceil(WINDOW / bucketMs)
  const full = fullness(run, upstream)
  const openings: PartialOpening[] = []
  let stretch: { from: number; to: number } | undefined
  const end = (): void => {
    if (stretch) openings.push(openingOf(buckets, stretch, bucketMs))
    stretch = undefined
  }
  for (let from = 0; from + each <= buckets.length; from++) {
    if (!isPart(buckets, from, from + each, usualShare)) continue
    const span = spanOf({ from, to: from + each }, bucketMs)
    if (silences.some((silence) => silence.fromMs < span.toMs && silence.toMs > span.fromMs) || full(span)) continue
    if (stretch && from > stretch.to) end()
    stretch = { from: stretch?.from ?? from, to: from + each }
  }
  end()
  return openings
}

/** "open for 67 % of the requests, as in 2 of 3 workers, from 12.1 s to 17.3 s" */
export function partlyText({ fromMs, toMs, share: [least, measured, most] }: PartialOpening): string {
  const workers = workersOf(least, most)
  return `open for ${share(measured)} of the requests${workers ? `, as in ${workers[0]} of ${workers[1]} workers,` : ''} from ${moment(fromMs)} to ${moment(toMs)}`
}

const MOST_WORKERS = 4

/** The one simple fraction in the interval; undefined where there is none, or several. */
function workersOf(least: number, most: number): [open: number, all: number] | undefined {
  const found: [number, number][] = []
  for (let all = 2; all <= MOST_WORKERS; all++)
    for (let open = 1; open < all; open++)
      if (open / all >= least && open / all <= most && !(open === 2 && all === 4)) found.push([open, all])
  return found.length === 1 ? found[0] : undefined
}

/** Whether a part is refused, and another passes, at its beginning as at its end. */
function isPart(buckets: readonly Passed[], from: number, to: number, usualShare: number): boolean {
  const middle = from + Math.ceil((to - from) / 2)
  const first = sumOf(buckets, from, middle)
  // Mostly nothing is refused.
  if (first.refused === 0 || first.passed === 0) return false
  const second = sumOf(buckets, middle, to)
  const asked = first.asked + second.asked
  if (asked < MIN_ASKED || second.refused === 0 || second.passed === 0) return false
  return rateInterval(first.refused + second.refused, asked)[0] > usualShare + MORE
}

/** The stretch without what is less refused at its edges. */
function openingOf(buckets: readonly Passed[], stretch: { from: number; to: number }, bucketMs: Ms): PartialOpening {
  const whole = sumOf(buckets, stretch.from, stretch.to)
  const isEdge = (at: number): boolean => buckets[at]!.refused * whole.asked < EDGE * whole.refused * buckets[at]!.asked
  let { from, to } = stretch
  while (to - from > 1 && isEdge(from)) from++
  while (to - from > 1 && isEdge(to - 1)) to--
  return { ...spanOf({ from, to }, bucketMs), share: shareOf(sumOf(buckets, from, to)) }
}

function shareOf({ refused, passed }: Passed): PartialOpening['share'] {
  const [least, most] = rateInterval(refused, refused + passed)
  return [least, refused / (refused + passed), most]
}

function bucketsOf(run: Case, upstream: string): Passed[] {
  const { evidence } = run
  const { bucketMs, tickMs } = evidence.series
  const { asked, tried, kept } = flowOf(evidence, upstream)
  const named = passesIds(run, upstream)
  const passing = named ? tried : passages(run, upstream).map(({ passed }) => passed)
  // Without ids nobody knows which upstream of a request refused it.
  const routes = named ? undefined : tellingRoutes(run.plan, upstream)
  return Array.from({ length: Math.ceil((asked.length * tickMs) / bucketMs) }, (_, at) => {
    const span = { fromMs: at * bucketMs, toMs: (at + 1) * bucketMs }
    const passed = sumWithin(passing, span, tickMs)
    if (named) return { asked: sumWithin(asked, span, tickMs), passed, refused: sumWithin(kept, span, tickMs) }
    // Nor which refusal is the upstream's own: as many as passed and were not ok may be.
    const bad = Math.max(0, passed - dueIn(evidence, upstream, span, good))
    const due = dueIn(evidence, upstream, span, undefined, routes)
    const refused = Math.max(0, dueIn(evidence, upstream, span, refusals, routes) - bad)
    return { asked: due, passed: Math.min(passed, due - refused), refused }
  })
}

const good: readonly Outcome[] = ['ok']

/** Tells of a span whether as much as ever was in flight when requests were refused: then a bulkhead may be full. */
function fullness(run: Case, upstream: string): (span: Span) => boolean {
  const { tickMs } = run.evidence.series
  const { inFlight } = inFlightAt(run, upstream)
  const { kept } = flowOf(run.evidence, upstream)
  const levelIn = (tick: number): number => (tick < inFlight.length ? Math.max(inFlight[tick]!, inFlight[tick - 1] ?? 0) : 0)
  const most = inFlight.reduce((a, b) => Math.max(a, b), 0)
  const named = passesIds(run, upstream)
  return ({ fromMs, toMs }) => {
    const ticks = Array.from(
      { length: Math.max(0, Math.floor(toMs / tickMs) - Math.ceil(fromMs / tickMs)) },
      (_, at) => Math.ceil(fromMs / tickMs) + at,
    )
    const refusing = named ? ticks.filter((tick) => (kept[tick] ?? 0) > 0) : ticks
    const mean = refusing.reduce((total, tick) => total + levelIn(tick), 0) / Math.max(1, refusing.length)
    return mean >= MIN_FULL && mean >= FULL * most
  }
}

const spanOf = ({ from, to }: { from: number; to: number }, bucketMs: Ms): Span => ({ fromMs: from * bucketMs, toMs: to * bucketMs })

function sumOf(buckets: readonly Passed[], from: number, to: number): Passed {
  const total: Passed = { asked: 0, refused: 0, passed: 0 }
  const end = Math.min(buckets.length, to)
  for (let at = Math.max(0, from); at < end; at++) {
    const { asked, refused, passed } = buckets[at]!
    total.asked += asked
    total.refused += refused
    total.passed += passed
  }
  return total
}
