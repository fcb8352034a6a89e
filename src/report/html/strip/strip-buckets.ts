// Evidence resampled for the strip: one list of intervals for all of its charts.
import type { Ms } from '../../../kernel/clock.ts'
import type { Evidence } from '../../../evidence/evidence.ts'
import { type Outcome, outcomeNames } from '../../../contract/outcome.ts'
import { routesOf, seriesPoints } from '../../../evidence/time-series.ts'
import { type PlanIndex, planIndex } from '../../../plan/plan-index.ts'
import type { Plan } from '../../../plan/plan.ts'

/** An interval. Null means that nothing was seen, which is not 0. */
export interface Bucket {
  fromMs: Ms
  toMs: Ms
  /** Begins in a phase that is no warm-up: a headline speaks of these alone. */
  judged: boolean
  /** Latency of requests that ended ok. */
  p50: Ms | null
  p95: Ms | null
  p99: Ms | null
  /** Requests due in it that ended. */
  outcomes: Record<Outcome, number>
  /** Requests due in it by the plan. */
  offered: number
  /** Arrivals at each upstream over requests due for it. */
  attempts: Record<string, number | null>
}

// About two pixels an interval on a plot of usual width.
const MOST_INTERVALS = 600

/** Intervals over all that was reached of the plan, at least `atLeastMs` wide and a whole number of the series' own. */
export function buckets(plan: Plan, evidence: Evidence, atLeastMs: Ms): Bucket[] {
  const { series } = evidence
  const merge = Math.max(1, Math.ceil(Math.max(atLeastMs, plan.durationMs / MOST_INTERVALS) / series.bucketMs))
  const width = merge * series.bucketMs
  const ok = new Map(seriesPoints(series, { outcomes: ['ok'], merge }).map((point) => [point.fromMs, point]))
  // The last interval is left out when less than half of it was reached: too short for a rate.
  const reachedMs = reached(plan, evidence)
  const index = planIndex(plan)
  const ticks = Math.round(width / index.tickMs)
  const upstreams = Object.keys(plan.upstreams)
  return Array.from({ length: Math.max(1, Math.round(reachedMs / width)) }, (_, at): Bucket => {
    const fromMs = at * width
    const latency = ok.get(fromMs)
    const parts = { first: at * merge, end: (at + 1) * merge }
    return {
      fromMs,
      toMs: Math.min(fromMs + width, reachedMs),
      judged: !plan.phases.some(({ warmUp, startMs, endMs }) => warmUp && fromMs >= startMs && fromMs < endMs),
      p50: latency?.p50 ?? null,
      p95: latency?.p95 ?? null,
      p99: latency?.p99 ?? null,
      outcomes: Object.fromEntries(outcomeNames.map((name) => [name, countOf(evidence, undefined, [name], parts)])) as Record<
        Outcome,
        number
      >,
      offered: offeredIn(index, at * ticks, (at + 1) * ticks, reachedMs),
      attempts: Object.fromEntries(upstreams.map((upstream) => [upstream, attemptsOf(evidence, upstream, parts)])),
    }
  })
}

/** How far the run got on the plan's axis; a complete one got to its end, even if nothing happened there. */
export function reached(plan: Plan, { end }: Evidence): Ms {
  return end.reason === 'complete' ? plan.durationMs : Math.min(plan.durationMs, end.atMs)
}

export const total = (bucket: Bucket): number => outcomeNames.reduce((sum, name) => sum + bucket.outcomes[name], 0)
export const middle = (interval: { fromMs: Ms; toMs: Ms }): Ms => (interval.fromMs + interval.toMs) / 2

interface Parts {
  first: number
  end: number
}

function countOf({ series }: Evidence, upstream: string | undefined, outcomes: readonly Outcome[], { first, end }: Parts): number {
  let sum = 0
  for (const route of routesOf(series, upstream))
    for (const outcome of outcomes)
      for (const part of series.latencies[route]?.[outcome]?.slice(first, end) ?? []) sum += part?.totalCount ?? 0
  return sum
}

function attemptsOf(evidence: Evidence, upstream: string, parts: Parts): number | null {
  const { series } = evidence
  const requests = countOf(evidence, upstream, outcomeNames, parts)
  if (requests === 0) return null
  const ticks = series.bucketMs / series.tickMs
  const arrived = series.arrivals[upstream]?.slice(Math.round(parts.first * ticks), Math.round(parts.end * ticks)) ?? []
  return arrived.reduce<number>((sum, count) => sum + (count ?? 0), 0) / requests
}

/** Requests due in the ticks from `first` to before `end`, as far as the run reached. */
function offeredIn(index: PlanIndex, first: number, end: number, reachedMs: Ms): number {
  let due = 0
  for (let tick = first; tick < Math.min(end, Math.ceil(reachedMs / index.tickMs)); tick++) due += index.dueInTick(tick)
  return due
}
