// Whether each fault was taken off when it should have ended. What goes on disturbing the phases after it is no fault of the gateway's.
import { faultTimes, unclearedFault } from '../../criteria/measure/fault-window.ts'
import type { Case } from '../../criteria/finding/raw-finding.ts'
import { targetOf } from '../../faults/fault.ts'
import type { PlannedFault } from '../../plan/plan.ts'
import type { ValidityCheck } from '../verdict.ts'
import { again } from '../remedy/again.ts'

export function unclearedText({ evidence }: Case, fault: PlannedFault): string {
  const { failed } = faultTimes(evidence, fault)
  return `${fault.id} on ${targetOf(fault)} in ${fault.phase} was not taken off${failed === null ? '' : `: ${failed}`}`
}

/** None while all were. */
export function faultsCleared(run: Case): ValidityCheck[] {
  const { plan, evidence } = run
  return plan.faults
    .filter((fault) => unclearedFault({ ...plan, faults: [fault] }, evidence, Number.POSITIVE_INFINITY))
    .map((fault) => ({
      id: `fault_cleared:${fault.id}`,
      ok: false,
      sentence: unclearedText(run, fault),
      measured: null,
      bound: null,
      unit: 'ms',
      bias: 'blind',
      remedy: `run it again, and see in its journal what kept ${fault.id} on: ${again(run)}`,
    }))
}
