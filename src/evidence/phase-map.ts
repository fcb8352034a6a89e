// Which phase a moment or a request ordinal belongs to, and how many requests the plan asks for in each.
// Arrivals come in order of time, so phases are ranges of ordinals too: a few numbers stand for any number of requests.
import type { Ms } from '../kernel/clock.ts'
import { arrivals } from '../scenario/arrivals.ts'
import type { Plan } from '../scenario/plan.ts'

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
  /** Exact counts, in the plan's order of phases and upstreams; only those above 0. */
  planned: PlannedCount[]
}

/** Walks all arrivals of the plan once: about a second for a million. */
export function phaseMap(plan: Pick<Plan, 'phases' | 'load' | 'seed' | 'upstreams'>): PhaseMap {
  const { phases } = plan
  const at = (atMs: Ms): string => (phases.find((phase) => atMs < phase.endMs) ?? phases.at(-1))?.name ?? ''

  const counts = new Map<string, number>()
  const firstIndexOf = new Map<string, number>()
  for (const arrival of arrivals(plan)) {
    const phase = at(arrival.dueMs)
    if (!firstIndexOf.has(phase)) firstIndexOf.set(phase, arrival.index)
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
    planned: planned.filter((count) => count.requests > 0),
  }
}
