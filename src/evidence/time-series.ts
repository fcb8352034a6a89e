// What happened when: latencies and arrivals in buckets of time, for charts and for questions that no phase boundary answers
// (what was refused while the breaker was open; who arrived while it said OPEN).
//
//   bucket   |       0       |       1       | …    latencies of the requests due in it, by route and outcome
//   tick     |  |  |  |  |  ||  |  |  |  |  ||      arrivals at each upstream, five ticks a bucket
import type { Ms } from '../kernel/clock.ts'
import { tickMsOf } from '../plan/plan-index.ts'
import { type Plan, reaches } from '../plan/plan.ts'
import type { ArrivalEvent, RequestEvent } from './events.ts'
import { type Latencies, emptyLatencies, mergeLatencies, record, spanAtQuantile } from './latency-histogram.ts'
import { type Outcome, outcomeNames } from '../contract/outcome.ts'

export interface Series {
  /** 250 ms; more in plans over ten minutes, so that there are at most 2,400 buckets. */
  bucketMs: Ms
  tickMs: Ms
  /** By upstream: the routes that reach it. */
  routes: Record<string, string[]>
  /** By route and outcome: the latencies (two digits) of requests due in bucket i; a hole where there was none. */
  latencies: Record<string, Partial<Record<Outcome, (Latencies | undefined)[]>>>
  /** By upstream: how many requests it received in tick i; a hole counts as none. */
  arrivals: Record<string, (number | undefined)[]>
  /** Of the same, by tick i: how many were due in which tick; under `UNKNOWN` those whose client request is not known. */
  origins: Record<string, (Map<number, number> | undefined)[]>
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

const TICKS_PER_BUCKET = 5

export function tallySeries(plan: Pick<Plan, 'durationMs' | 'upstreams' | 'load'>): {
  request(event: RequestEvent, dueMs: Ms): void
  /** `dueMs` of the client's request, to the tick; undefined where no id tells it. */
  arrival(event: ArrivalEvent, atMs: Ms, dueMs: Ms | undefined): void
  result(): Series
} {
  const tickMs = tickMsOf(plan)
  const bucketMs = tickMs * TICKS_PER_BUCKET
  const series: Series = { bucketMs, tickMs, routes: {}, latencies: {}, arrivals: {}, origins: {} }
  for (const { route } of plan.load.mix) series.latencies[route] = {}
  for (const upstream of Object.keys(plan.upstreams)) {
    series.routes[upstream] = plan.load.mix.filter((route) => reaches(route, upstream)).map(({ route }) => route)
    series.arrivals[upstream] = []
    series.origins[upstream] = []
  }
  return {
    request(event, dueMs) {
      const buckets = ((series.latencies[event.route] ??= {})[event.outcome] ??= [])
      record((buckets[slot(dueMs, bucketMs)] ??= emptyLatencies(2)), event.t - event.due)
    },
    arrival(event, atMs, dueMs) {
      const ticks = (series.arrivals[event.upstream] ??= [])
      const tick = slot(atMs, tickMs)
      ticks[tick] = (ticks[tick] ?? 0) + 1
      const origins = ((series.origins[event.upstream] ??= [])[tick] ??= new Map<number, number>())
      const due = dueMs === undefined ? UNKNOWN : slot(dueMs, tickMs)
      origins.set(due, (origins.get(due) ?? 0) + 1)
    },
    result: () => series,
  }
}

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
    const all = mergeLatencies(lines.flatMap((line) => line.slice(from, from + merge).filter((part) => part !== undefined)))
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
  return mergeLatencies(within.filter((part) => part !== undefined))
}

/** Arrivals in the ticks that lie wholly between two times, and how much time those ticks cover. */
export function arrivalsWithin(series: Series, upstream: string, fromMs: Ms, toMs: Ms): { count: number; watchedMs: Ms } {
  const first = Math.ceil(fromMs / series.tickMs)
  const end = Math.max(first, Math.floor(toMs / series.tickMs))
  let count = 0
  for (const arrivals of (series.arrivals[upstream] ?? []).slice(first, end)) count += arrivals ?? 0
  return { count, watchedMs: (end - first) * series.tickMs }
}

/**
 * Arrivals in the ticks that lie wholly between two times, of requests that were due in them too: however long something was held
 * up on its way, these set out after `fromMs`. Where no id tells when it was due, what arrived later than `slackMs` counts.
 */
export function arrivalsOfDue(series: Series, upstream: string, fromMs: Ms, toMs: Ms, slackMs: Ms): { count: number; watchedMs: Ms } {
  const first = Math.ceil(fromMs / series.tickMs)
  const firstUnknown = Math.ceil((fromMs + slackMs) / series.tickMs)
  const end = Math.max(first, Math.floor(toMs / series.tickMs))
  let count = 0
  for (const [at, origins] of (series.origins[upstream] ?? []).slice(first, end).entries())
    for (const [due, arrived] of origins ?? []) if (due === UNKNOWN ? first + at >= firstUnknown : due >= first) count += arrived
  return { count, watchedMs: (end - first) * series.tickMs }
}

/** What lies before load start belongs to the first bucket. */
const slot = (atMs: Ms, width: Ms): number => Math.max(0, Math.floor(atMs / width))
