// Whether each fault was seen to act. Without that, a pass only says that nothing was broken.
import { atTime, plural } from '../../kernel/wording.ts'
import { faultTimes, isComplete } from '../../criteria/measure/fault-window.ts'
import { unreached } from '../../criteria/measure/gaps/unreached.ts'
import type { Case, Window } from '../../criteria/finding/raw-finding.ts'
import type { ValidityCheck } from '../verdict.ts'
import { placed } from '../remedy/again.ts'
import { targetOf } from '../../faults/fault.ts'
import type { PlannedFault } from '../../plan/plan.ts'

/** The first fault that should have acted before the window's end, and was not seen to. */
export function unbittenFault({ plan, evidence }: Case, window: Window): PlannedFault | undefined {
  return plan.faults.find(
    (fault) =>
      fault.startMs < window.toMs &&
      faultTimes(evidence, fault).bitMs === null &&
      // What a probe did not show speaks only of what is judged by it.
      (!isOfProbe(fault) || window.phases.includes(fault.phase)),
  )
}

const isOfProbe = ({ fault }: PlannedFault): boolean => fault.made === 'request' && fault.hits.probe !== undefined

export function unbittenText({ evidence }: Case, fault: PlannedFault): string {
  const { failed } = faultTimes(evidence, fault)
  return `${fault.id} on ${targetOf(fault)} in ${fault.phase} ${failed === null ? 'was never seen to act' : `could not be set: ${failed}`}`
}

export function faultsBit(run: Case): ValidityCheck[] {
  return faultsBegun(run).map((fault) => {
    const { bitMs, hits, requestedMs } = faultTimes(run.evidence, fault)
    const lag = bitMs === null || requestedMs === null ? null : Math.max(0, bitMs - requestedMs)
    return {
      id: `fault_bit:${fault.id}`,
      ok: bitMs !== null,
      sentence:
        bitMs === null
          ? unbittenText(run, fault)
          : `${fault.id} on ${targetOf(fault)} first acted ${atTime(bitMs)}${hits > 0 ? `, on ${plural(hits, 'request')}` : ''}`,
      measured: lag,
      bound: null,
      unit: 'ms',
      bias: 'blind',
      remedy: bitMs === null ? remedyFor(run, fault) : null,
    }
  })
}

function remedyFor(run: Case, fault: PlannedFault): string {
  if (isOfProbe(fault)) return `pass the header x-request-id of a request on to ${targetOf(fault)}, or its query: either marks a probe`
  return (
    unreachedRemedy(run, fault.upstream) ?? `send requests to ${targetOf(fault)} during ${fault.phase}: edit ${placed(run, 'load.mix')}`
  )
}

/** What to do where no request of the whole run got through to the upstream. */
export function unreachedRemedy(run: Case, upstream: string | undefined): string | undefined {
  const [found] = upstream === undefined ? [] : unreached(run, upstream)
  return found && `${found.remedy} (${found.why})`
}

/** All faults of a finished run; those that had begun in an unfinished one. */
export function faultsBegun({ plan, evidence }: Case): PlannedFault[] {
  return plan.faults.filter(({ startMs }) => isComplete(evidence) || startMs < evidence.end.atMs)
}
