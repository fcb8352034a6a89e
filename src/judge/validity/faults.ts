// Whether each fault was seen to act, and had traffic to act on. Without that, a pass only says that nothing was broken.
import { atTime, plural } from '../../kernel/wording.ts'
import { faultTimes } from '../../criteria/measure/fault-window.ts'
import { countIn, requestsIn } from '../../criteria/measure/scope.ts'
import type { Given, Window } from '../../criteria/ruling.ts'
import type { Guard } from '../verdict.ts'
import type { PlannedFault } from '../../plan/plan.ts'
import { isComplete } from './journal.ts'

/** The first fault that should have acted before the window's end, and was not seen to. */
export function unbittenFault({ plan, evidence }: Given, window: Window): PlannedFault | undefined {
  return plan.faults.find((fault) => fault.startMs < window.toMs && faultTimes(evidence, fault).bitMs === null)
}

export function unbittenText({ evidence }: Given, fault: PlannedFault): string {
  const { failed } = faultTimes(evidence, fault)
  return `${fault.id} on ${fault.upstream} in ${fault.phase} ${failed === null ? 'was never seen to act' : `could not be set: ${failed}`}`
}

export function faultsBit(given: Given): Guard[] {
  return faultsBegun(given).map((fault) => {
    const { bitMs, hits, requestedMs } = faultTimes(given.evidence, fault)
    const lag = bitMs === null || requestedMs === null ? null : Math.max(0, bitMs - requestedMs)
    return {
      id: `fault_bit:${fault.id}`,
      ok: bitMs !== null,
      sentence:
        bitMs === null
          ? unbittenText(given, fault)
          : `${fault.id} on ${fault.upstream} first acted ${atTime(bitMs)}${hits > 0 ? `, on ${plural(hits, 'request')}` : ''}`,
      measured: lag,
      bound: null,
      unit: 'ms',
      bias: 'blind',
      remedy: bitMs === null ? `send requests to ${fault.upstream} during ${fault.phase}, and check what the fault hits` : null,
    }
  })
}

/** All faults of a finished run; of another, those whose time had come. */
function faultsBegun({ plan, evidence }: Given): PlannedFault[] {
  return plan.faults.filter(({ startMs }) => isComplete(evidence) || startMs < evidence.end.atMs)
}

export function trafficOnFaults(given: Given): Guard[] {
  const faults = faultsBegun(given)
  const upstreams = [...new Set(faults.map((fault) => fault.upstream))]
  return upstreams.map((upstream) => {
    const phases = faults.filter((fault) => fault.upstream === upstream).map((fault) => fault.phase)
    const count = countIn(requestsIn(given.evidence, { upstream, phases }))
    return {
      id: `traffic:${upstream}`,
      ok: count > 0,
      sentence: `${plural(count, 'request')} for ${upstream} while it had a fault`,
      measured: count,
      bound: 1,
      unit: 'requests',
      bias: 'blind',
      remedy: count > 0 ? null : `put a route of ${upstream} into load.mix`,
    }
  })
}
