// Planned faults and what became of them.
import type { Evidence } from '../../evidence/evidence.ts'
import type { FaultTimes } from '../../evidence/events/fault.ts'
import { actsOn } from '../../faults/fault.ts'
import type { Ms } from '../../kernel/clock.ts'
import type { Plan, PlannedFault } from '../../plan/plan.ts'

/** The phase's faults on the upstream, in order of start; when none is on it, all faults of the phase. */
export function faultsOf(plan: Plan, phase: string, upstream: string): PlannedFault[] {
  const all = plan.faults.filter((fault) => fault.phase === phase).toSorted((a, b) => a.startMs - b.startMs)
  const own = all.filter((fault) => actsOn(fault, upstream))
  return own.length > 0 ? own : all
}

export function faultTimes(evidence: Evidence, fault: PlannedFault): FaultTimes {
  // The fold makes one entry for each fault of the plan.
  return evidence.faults.find(({ id }) => id === fault.id)!
}

/** When the upstream's next fault after `atMs` was asked for; infinite when there is none. */
export function nextFaultMs(plan: Plan, evidence: Evidence, upstream: string, atMs: Ms): Ms {
  const later = plan.faults
    .filter((fault) => actsOn(fault, upstream))
    .map((fault) => faultTimes(evidence, fault).requestedMs ?? fault.startMs)
    .filter((startMs) => startMs > atMs)
  return Math.min(...later, Number.POSITIVE_INFINITY)
}
