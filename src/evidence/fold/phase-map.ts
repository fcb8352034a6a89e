// Which phase a moment or a request ordinal belongs to, and how many requests the plan asks for in each.
// Arrivals come in order of time, so phases are ranges of ordinals too: a few numbers stand for any number of requests.
import type { Ms } from '../../kernel/clock.ts'
import { arrivals } from '../../plan/arrivals.ts'
import type { Plan } from '../../plan/plan.ts'
import { tickMsOf } from '../time-series.ts'

export interface PlannedCount {
  phase: string
  upstream: string
  requests: number
}

export interface PhaseMap {
  /** The phase that `atMs` lies in; the first one before load start, the last one after the end. */
  at(atMs: Ms): string
  /** The phase in which the plan's request `index` is due. */
  ofRequest(index: number): string
  /** When the plan's request `index` is due: the beginning of its tick. */
  dueMs(index: number): Ms
  /** Exact counts, in the plan's order of phases and upstreams; only those above 0. */
  planned: PlannedCount[]
}

/** Walks all arrivals of the plan once: about a second for a million. */
export function phaseMap(plan: Pick<Plan, 'phases' | 'load' | 'seed' | 'upstreams' | 'durationMs'>): PhaseMap {
  const { phases } = plan
  const at = (atMs: Ms): string => (phases.find((phase) => atMs < phase.endMs) ?? phases.at(-1))?.name ?? ''

  const counts = new Map<string, number>()
  const firstIndexOf = new Map<string, number>()
  const tickMs = tickMsOf(plan)
  const ticks: { tick: number; first: number }[] = []
  for (const arrival of arrivals(plan)) {
    const phase = at(arrival.dueMs)
    if (!firstIndexOf.has(phase)) firstIndexOf.set(phase, arrival.index)
    const tick = Math.floor(arrival.dueMs / tickMs)
    if (ticks.at(-1)?.tick !== tick) ticks.push({ tick, first: arrival.index })
    const key = JSON.stringify([phase, arrival.route.upstream])
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const starts = [...firstIndexOf]
  const planned = phases.flatMap((phase) =>
    Object.keys(plan.upstreams).map((upstream) => ({
      phase: phase.name,
      upstream,
      requests: counts.get(JSON.stringify([phase.name, upstream])) ?? 0,
    })),
  )
  return {
    at,
    ofRequest: (index) => starts.findLast(([, first]) => first <= index)?.[0] ?? phases[0]?.name ?? '',
    dueMs: (index) => (lastNotAfter(ticks, index)?.tick ?? 0) * tickMs,
    planned: planned.filter((count) => count.requests > 0),
  }
}

/** The last of `spans`, which are in order, whose first index is not above `index`. */
function lastNotAfter<Span extends { first: number }>(spans: readonly Span[], index: number): Span | undefined {
  let [low, high] = [0, spans.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (spans[middle]!.first <= index) low = middle + 1
    else high = middle
  }
  return spans[low - 1]
}
