// What a fake can do, as far as its definition bounds it: workers over the time that a request of this load keeps one busy.
import { meanLatency } from '../../faults/latency.ts'
import type { PlannedCapacity, PlannedRoute } from '../../plan/plan.ts'
import type { UpstreamReference } from '../scenario.ts'

/** Undefined where the fake does as much as it is asked for, or the load never asks it. */
export function plannedCapacity(
  { name, capacity, routes = {} }: UpstreamReference,
  mix: readonly PlannedRoute[],
): PlannedCapacity | undefined {
  if (!capacity) return undefined
  const known = new Map(Object.entries(routes))
  let [weight, busyMs] = [0, 0]
  for (const asked of mix)
    for (const { upstream, route } of asked.reaches) {
      const latency = upstream === name && route !== undefined && known.get(route)?.latency
      if (!latency) continue
      weight += asked.weight
      busyMs += asked.weight * meanLatency(latency)
    }
  const { workers } = capacity
  return busyMs > 0 ? { workers, perSecond: (workers * weight * 1000) / busyMs } : undefined
}
