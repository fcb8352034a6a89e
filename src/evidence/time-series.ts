// What happened when: latencies and arrivals in buckets of time, for charts and for questions that no phase boundary answers
// (what was refused while the breaker was open; who arrived while it said OPEN).
//
//   bucket   |       0       |       1       | …    latencies of the requests due in it, by route and outcome
//   tick     |  |  |  |  |  ||  |  |  |  |  ||      arrivals at each upstream, five ticks a bucket
import type { Ms } from '../kernel/clock.ts'
import { tickMsOf } from '../plan/plan-index.ts'
import { type Plan, reaches } from '../plan/plan.ts'
import type { RequestEvent } from './events.ts'
import { type Latencies, LatencyTable, spanAtQuantile } from './latency-histogram.ts'
import { mergeLatencies } from './merge-latencies.ts'
import { type Outcome, outcomeNames, outcomePlace } from '../contract/outcome.ts'

export interface Series {
  /** 250 ms; more in plans over ten minutes, so that there are at most 2,400 buckets. */
  bucketMs: Ms
  tickMs: Ms
  /** By upstream: the routes that reach it. */
  routes: Record<string, string[]>
  /** By route and outcome: the latencies (two digits) of requests due in bucket i; null where there was none. */
  latencies: Record<string, Partial<Record<Outcome, (Latencies | null)[]>>>
  /** By upstream: how many requests it received in tick i. */
  arrivals: Record<string, number[]>
  /** Of the same, by tick i: `due, count` pairs, how many were due in which tick; under `UNKNOWN` those whose request is not known. */
  origins: Record<string, number[][]>
}

const UNKNOWN = -1

/** One point of a chart. Quantiles are milliseconds. */
export interface SeriesPoint {
  fromMs: Ms
  toMs: Ms
  count: number
  p50: Ms
  p95: Ms
  p99: Ms
}

export const TICKS_PER_BUCKET = 5

export class SeriesTally {
  readonly #plan: Plan
  readonly #tickMs: Ms
  /** By place of route and outcome. */
  readonly #latencies: (LatencyTable | undefined)[][]
  /** By place of the upstream. */
  readonly #arrivals: readonly number[][]
  readonly #origins: readonly number[][][]

  constructor(plan: Plan) {
    const upstreams = Object.keys(plan.upstreams)
    this.#plan = plan
    this.#tickMs = tickMsOf(plan)
    this.#latencies = plan.load.mix.map(() => [])
    this.#arrivals = upstreams.map(() => [])
    this.#origins = upstreams.map(() => [])
  }

  /** `route`: its place in the mix. */
  request(event: RequestEvent, route: number, dueMs: Ms): void {
    const recorder = (this.#latencies[route]![outcomePlace(event.outcome)] ??= new LatencyTable(2))
    recorder.record(slot(dueMs, this.#tickMs * TICKS_PER_BUCKET), event.t - event.due)
  }

  /** `upstream`: its place in the plan. `dueMs` of the client's request, to the tick; undefined where no id tells it. */
  arrival(upstream: number, atMs: Ms, dueMs: Ms | undefined): void {
    const ticks = this.#arrivals[upstream]
    const origins = this.#origins[upstream]
    if (!ticks || !origins) return
    const tick = slot(atMs, this.#tickMs)
    while (ticks.length <= tick) {
      ticks.push(0)
      origins.push([])
    }
    ticks[tick]!++
    origins[tick] = withPair(origins[tick]!, dueMs === undefined ? UNKNOWN : slot(dueMs, this.#tickMs))
  }

  result(): Series {
    const { mix } = this.#plan.load
    const upstreams = Object.keys(this.#plan.upstreams)
    return {
      bucketMs: this.#tickMs * TICKS_PER_BUCKET,
      tickMs: this.#tickMs,
      routes: byName(upstreams, (upstream) => mix.filter((route) => reaches(route, upstream)).map(({ route }) => route)),
      latencies: Object.fromEntries(mix.map(({ route }, at) => [route, linesOf(this.#latencies[at]!)])),
      arrivals: byName(upstreams, (_, place) => this.#arrivals[place]!),
      origins: byName(upstreams, (_, place) => this.#origins[place]!),
    }
  }
}

function linesOf(byOutcome: readonly (LatencyTable | undefined)[]): Series['latencies'][string] {
  const lines = outcomeNames.flatMap((outcome, at) => {
    const recorder = byOutcome[at]
    return recorder ? [[outcome, recorder.result()] as const] : []
  })
  return Object.fromEntries(lines)
}

// A list that is pushed to takes room for more than a dozen numbers. Most ticks have a pair or two: such lists are written anew.
const SHORT = 8

/** Pairs of a number and how often it was met: few different ones, so that looking along them is quick. */
function withPair(pairs: number[], value: number): number[] {
  for (let at = 0; at < pairs.length; at += 2)
    if (pairs[at] === value) {
      pairs[at + 1]!++
      return pairs
    }
  if (pairs.length < SHORT) return pairs.length === 0 ? [value, 1] : [...pairs, value, 1]
  pairs.push(value, 1)
  return pairs
}

const byName = <Value>(names: readonly string[], make: (name: string, place: number) => Value): Record<string, Value> =>
  Object.fromEntries(names.map((name, place) => [name, make(name, place)]))

/** Points for a chart, `merge` buckets a point, over what reaches an upstream, and the given outcomes (default: all). Empty stretches yield no point. */
export function seriesPoints(
  series: Series,
  pick: { upstream?: string | undefined; outcomes?: readonly Outcome[]; merge?: number } = {},
): SeriesPoint[] {
  const merge = pick.merge ?? 1
  const lines = routesOf(series, pick.upstream).flatMap((route) =>
    (pick.outcomes ?? outcomeNames).map((outcome) => series.latencies[route]?.[outcome] ?? []),
  )
  const length = Math.max(0, ...lines.map((line) => line.length))
  const points: SeriesPoint[] = []
  for (let from = 0; from < length; from += merge) {
    const all = mergeLatencies(lines.flatMap((line) => line.slice(from, from + merge).filter((part) => part !== null)))
    const at = (quantile: number): Ms => spanAtQuantile(all, quantile)!
    const count = all.totalCount
    if (count > 0)
      points.push({
        fromMs: from * series.bucketMs,
        toMs: (from + merge) * series.bucketMs,
        count,
        p50: at(0.5),
        p95: at(0.95),
        p99: at(0.99),
      })
  }
  return points
}

/** The routes that reach an upstream; without one, all. */
export const routesOf = (series: Series, upstream: string | undefined): string[] =>
  upstream === undefined ? Object.keys(series.latencies) : (series.routes[upstream] ?? [])

/** Latencies of the buckets that lie wholly between two times. */
export function latenciesWithin(series: Series, upstream: string, outcome: Outcome, fromMs: Ms, toMs: Ms): Latencies {
  const first = Math.ceil(fromMs / series.bucketMs)
  const end = Math.max(first, Math.floor(toMs / series.bucketMs))
  const within = routesOf(series, upstream).flatMap((route) => series.latencies[route]?.[outcome]?.slice(first, end) ?? [])
  return mergeLatencies(within.filter((part) => part !== null))
}

/** Arrivals in the ticks that lie wholly between two times, and how much time those ticks cover. */
export function arrivalsWithin(series: Series, upstream: string, fromMs: Ms, toMs: Ms): { count: number; watchedMs: Ms } {
  const first = Math.ceil(fromMs / series.tickMs)
  const end = Math.max(first, Math.floor(toMs / series.tickMs))
  let count = 0
  for (const arrived of (series.arrivals[upstream] ?? []).slice(first, end)) count += arrived
  return { count, watchedMs: (end - first) * series.tickMs }
}

/**
 * Arrivals in the ticks that lie wholly between two times, of requests that were due in them too: however long something was held
 * up on its way, these set out after `fromMs`. `unknown`: those that no id dates, as far as they arrived later than `slackMs`.
 */
export function arrivalsOfDue(
  series: Series,
  upstream: string,
  { fromMs, toMs, slackMs }: { fromMs: Ms; toMs: Ms; slackMs: Ms },
): { known: number; unknown: number; watchedMs: Ms } {
  const first = Math.ceil(fromMs / series.tickMs)
  const firstUnknown = Math.ceil((fromMs + slackMs) / series.tickMs)
  const end = Math.max(first, Math.floor(toMs / series.tickMs))
  let [known, unknown] = [0, 0]
  for (const [at, origins] of (series.origins[upstream] ?? []).slice(first, end).entries())
    for (let pair = 0; pair < origins.length; pair += 2) {
      const due = origins[pair]!
      if (due === UNKNOWN && first + at >= firstUnknown) unknown += origins[pair + 1]!
      else if (due !== UNKNOWN && due >= first) known += origins[pair + 1]!
    }
  return { known, unknown, watchedMs: (end - first) * series.tickMs }
}

/** By tick: arrivals whose client's request is known, by its id. */
export function knownArrivals(series: Series, upstream: string): number[] {
  return (series.origins[upstream] ?? []).map((origins) => {
    let known = 0
    for (let pair = 0; pair < origins.length; pair += 2) if (origins[pair] !== UNKNOWN) known += origins[pair + 1]!
    return known
  })
}

/** What lies before load start belongs to the first bucket. */
const slot = (atMs: Ms, width: Ms): number => Math.max(0, Math.floor(atMs / width))
