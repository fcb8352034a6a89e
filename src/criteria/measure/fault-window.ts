// Planned faults and what became of them.
import type { Evidence } from '../../evidence/evidence.ts'
import type { FaultTimes } from '../../evidence/events/fault.ts'
import { actsOn } from '../../faults/fault.ts'
import type { Ms } from '../../kernel/clock.ts'
import type { Plan, PlannedFault } from '../../plan/plan.ts'
import type { Case } from '../finding/raw-finding.ts'

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

/** Whether anything was seen to act on the upstream in `phase`: a fault, or a crowd that got answers. */
export function wasDisturbed({ plan, evidence }: Case, phase: string, upstream: string): boolean {
  const crowd = evidence.saturation.find((each) => each.phase === phase)
  if (crowd && Object.keys(crowd.answers).length > 0) return true
  return faultsOf(plan, phase, upstream).some((fault) => faultTimes(evidence, fault).bitMs !== null)
}

/** Whether the run was recorded to its end. */
export const isComplete = (evidence: Evidence): boolean => evidence.end.reason === 'complete'

/**
 * When the upstream's next fault after those of `phase`, which were off at `clearedMs`, was asked for; infinite when there is none.
 * A fault that was on before and goes on is the next one at once.
 */
export function nextFaultMs(plan: Plan, evidence: Evidence, upstream: string, { clearedMs, phase }: { clearedMs: Ms; phase: string }): Ms {
  const endMs = Math.max(...faultsOf(plan, phase, upstream).map((fault) => fault.endMs))
  const later = plan.faults
    .filter((fault) => fault.phase !== phase && actsOn(fault, upstream) && fault.endMs > endMs)
    .map((fault) => faultTimes(evidence, fault).requestedMs ?? fault.startMs)
  return Math.max(clearedMs, Math.min(...later, Number.POSITIVE_INFINITY))
}

/** Whether a fault on the upstream may have been on between two times: it opens a breaker without any stall. */
export function isFaultedAmid({ plan, evidence }: Case, upstream: string, { fromMs, toMs }: { fromMs: Ms; toMs: Ms }): boolean {
  return plan.faults.some((fault) => {
    const { requestedMs, clearedMs } = faultTimes(evidence, fault)
    return actsOn(fault, upstream) && (requestedMs ?? fault.startMs) <= toMs && (clearedMs ?? Number.POSITIVE_INFINITY) >= fromMs
  })
}

/** The first fault that should have been taken off before `atMs`, in a run that was recorded so far, and was not. */
export function unclearedFault(plan: Plan, evidence: Evidence, atMs: Ms): PlannedFault | undefined {
  return plan.faults.find((fault) => {
    const { acknowledgedMs, clearedMs } = faultTimes(evidence, fault)
    return acknowledgedMs !== null && clearedMs === null && fault.endMs < Math.min(atMs, evidence.end.atMs - CLEARING)
  })
}

// A fault may take so long to be taken off.
const CLEARING: Ms = 1000
