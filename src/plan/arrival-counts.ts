// How many requests a plan sends, by phase and upstream: what criteria can be decided with.
import { arrivals } from './arrivals.ts'
import type { Plan } from './plan.ts'

/** Planned requests by phase and upstream. */
export type ArrivalCounts = Map<string, Map<string, number>>

/** Counts what will really be sent, request by request. */
export function countArrivals(plan: Plan): ArrivalCounts {
  const counts: ArrivalCounts = new Map(plan.phases.map(({ name }) => [name, new Map()]))
  let at = 0
  for (const { dueMs, route } of arrivals(plan)) {
    while (at < plan.phases.length - 1 && dueMs >= plan.phases[at]!.endMs) at++
    const byUpstream = counts.get(plan.phases[at]!.name)!
    byUpstream.set(route.upstream, (byUpstream.get(route.upstream) ?? 0) + 1)
  }
  return counts
}

/** Of one phase, all upstreams together. */
export const sum = (counts: ReadonlyMap<string, number> | undefined): number =>
  [...(counts?.values() ?? [])].reduce((total, count) => total + count, 0)
