// Recovered means that users are served again: route by route, arrivals and good answers are back at nearly the steady share.
// A breaker may call itself closed and let nothing pass.
import { share, span } from '../../../kernel/wording.ts'
import type { Ms } from '../../../kernel/clock.ts'
import { addCounts } from '../../../evidence/fold/counting/count-list.ts'
import type { Latencies } from '../../../evidence/latency-histogram.ts'
import { routesOf } from '../../../evidence/time-series.ts'
import { own } from '../../../kernel/own.ts'
import { actsOn } from '../../../faults/fault.ts'
import type { Case } from '../../finding/raw-finding.ts'
import { oncePerTraffic } from '../once-per-run.ts'
import { isNearly } from './passing.ts'
import { type Passage, type Span, flowOf, isJoined, passages, steadyTime } from './traffic.ts'

/** How many requests a stretch of buckets needs to say anything. */
const MIN_DUE = 10
// Fewer requests say nothing of how things are when all is well.
const MIN_STEADY = 20

/** Of the steady share, what must be left in all the time since. A spike of load may take the rest. */
const FOR_GOOD = 0.5

export interface Service {
  /** When all routes of the upstream were served again, from `fromMs` on; null when one never was. */
  backMs: Ms | null
  /** The route that came back last, or never, with its figures; undefined where nothing says how things were before. */
  why: string | undefined
}

/** One measure of one route, by bucket. */
interface Line {
  what: string
  due: readonly number[]
  passed: readonly number[]
}

/** When users of the upstream were served again after `fromMs`, as far as the requests due until `toMs` tell. */
export function servedAgain(run: Case, upstream: string, within: Span): Service {
  return backOn(run, within, linesOf(run, upstream, within)) ?? { backMs: within.fromMs, why: undefined }
}

/** When users of every route of the load were served again; `why` is undefined where no route tells. */
export function routesServedAgain(run: Case, within: Span): Service {
  const routes = run.plan.load.mix.flatMap(({ route, weight }) => (weight > 0 ? [routeOf(run, route)] : []))
  const lines = routes.map(({ route, due, ok }) => ({ what: `requests of ${route} were ok`, due, passed: ok }))
  const told = backOn(run, within, lines)
  return told ? { ...told, why: told.why ?? 'all routes at once' } : { backMs: within.fromMs, why: undefined }
}

/** Undefined where no line tells how things were before. */
function backOn(run: Case, { fromMs, toMs }: Span, lines: readonly Line[]): Service | undefined {
  const { bucketMs } = run.evidence.series
  const steady = steadyTime(run.plan)
  const first = Math.floor(fromMs / bucketMs)
  const end = Math.floor(toMs / bucketMs)
  let last: Service | undefined
  if (!steady) return undefined
  for (const line of lines) {
    const { what } = line
    const before = sumOf(line, Math.ceil(steady.fromMs / bucketMs), Math.floor(steady.toMs / bucketMs))
    const after = sumOf(line, first, end)
    if (before.asked < MIN_STEADY || before.passed === 0 || after.asked < MIN_DUE) continue
    const was = before.passed / before.asked
    const back = backFrom(line, first, end, was)
    const figures = `${share(after.passed / after.asked)} of ${what} since then, ${share(was)} before the fault`
    // It may have come back for a moment, and gone again for good.
    const since = back === null ? after : sumOf(line, back, end)
    if (back === null || since.passed < FOR_GOOD * was * since.asked) return { backMs: null, why: figures }
    const backMs = Math.max(fromMs, back * bucketMs)
    last ??= { backMs: fromMs, why: undefined }
    if (backMs > last.backMs!) last = { backMs, why: `${what} came back ${span(backMs - fromMs)} later` }
  }
  return last
}

/** The first bucket from which on a stretch of requests is nearly as well as before; null when there is none. */
function backFrom(line: Line, first: number, until: number, was: number): number | null {
  const end = Math.min(until, line.due.length)
  let from = first
  while (from < end) {
    const stretch: Passage = { asked: 0, passed: 0 }
    let to = from
    while (to < end && (stretch.asked < MIN_DUE || to - from < 2)) addBucket(stretch, line, to++)
    // What is left at the end of the run may be too little to tell.
    if (stretch.asked < MIN_DUE) return null
    if (isNearly(stretch, was)) return from
    from++
  }
  return null
}

function linesOf(run: Case, upstream: string, within: Span): Line[] {
  const { series } = run.evidence
  const routes = routesOf(series, upstream).map((route) => routeOf(run, route))
  const { triedByRoute } = flowOf(run.evidence, upstream)
  const arrivals = isJoined(run, upstream)
    ? routes.map(({ route, due }) => ({ what: `requests of ${route} arrived at ${upstream}`, due, passed: triedByRoute[route] ?? [] }))
    : [{ what: `requests arrived at ${upstream}`, ...bucketsOf(run, upstream) }]
  const undisturbed = routes.filter(({ route }) => !isDisturbed(run, route, upstream, within))
  return [...arrivals, ...undisturbed.map(({ route, due, ok }) => ({ what: `requests of ${route} were ok`, due, passed: ok }))]
}

/** By bucket: requests of the route that were due, and those of them that ended well. */
export const routeOf = oncePerTraffic(({ evidence: { series } }, route): { route: string; due: number[]; ok: number[] } => {
  const ofOutcomes = own(series.latencies, route) ?? {}
  const counts = (buckets: readonly (Latencies | null)[]): number[] => buckets.map((bucket) => bucket?.totalCount ?? 0)
  const due = Object.values(ofOutcomes).map(counts).reduce(addCounts, [])
  return { route, due, ok: counts(ofOutcomes.ok ?? []) }
})

/** Whether answers of the route may be bad for another upstream's fault. */
function isDisturbed({ plan }: Case, route: string, upstream: string, { fromMs, toMs }: Span): boolean {
  const others = plan.load.mix.find((each) => each.route === route)!.reaches.filter((reached) => reached.upstream !== upstream)
  return plan.faults.some(
    (fault) => fault.startMs < toMs && fault.endMs > fromMs && others.some((reached) => actsOn(fault, reached.upstream)),
  )
}

function bucketsOf(run: Case, upstream: string): Omit<Line, 'what'> {
  const { bucketMs, tickMs } = run.evidence.series
  const each = Math.round(bucketMs / tickMs)
  const due: number[] = []
  const passed: number[] = []
  for (const [tick, { asked, passed: arrived }] of passages(run, upstream).entries()) {
    const at = Math.floor(tick / each)
    due[at] = (due[at] ?? 0) + asked
    passed[at] = (passed[at] ?? 0) + arrived
  }
  return { due, passed }
}

function sumOf(line: Line, from: number, to: number): Passage {
  const total: Passage = { asked: 0, passed: 0 }
  const end = Math.min(line.due.length, to)
  for (let at = Math.max(0, from); at < end; at++) addBucket(total, line, at)
  return total
}

/** No more pass than were due. */
function addBucket(total: Passage, { due, passed }: Line, at: number): void {
  const asked = due[at]!
  total.asked += asked
  total.passed += Math.min(asked, passed[at] ?? 0)
}
