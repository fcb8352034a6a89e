// A run as an upstream without a fault is judged by it: without the routes that reach an upstream with one as well. What such a route is
// answered with is that fault's doing, however well its other upstreams are.
import { withParts } from '../../evidence/evidence.ts'
import { type Plan, type PlannedRoute, reaches } from '../../plan/plan.ts'
import type { Case } from '../finding/raw-finding.ts'

export function besideFaults(run: Case, upstream: string): Case {
  const beside = new Set(routesBeside(run.plan, upstream).map(({ route }) => route))
  const isBeside = ({ route }: { route: string }): boolean => beside.has(route)
  const { requests, fallbacks, planned } = run.evidence
  const kept = { requests: requests.filter(isBeside), fallbacks: fallbacks.filter(isBeside), planned: planned.filter(isBeside) }
  return { ...run, evidence: withParts(run.evidence, kept) }
}

/** The routes that reach the upstream, and no other one that has a fault of its own. */
export function routesBeside({ load, faults }: Pick<Plan, 'load' | 'faults'>, upstream: string): PlannedRoute[] {
  const faulted = new Set(faults.map((fault) => fault.upstream).filter((name) => name !== undefined && name !== upstream))
  return load.mix.filter((route) => reaches(route, upstream) && !route.reaches.some((reached) => faulted.has(reached.upstream)))
}
