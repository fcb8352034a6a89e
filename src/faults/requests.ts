// All kinds of request faults. A new one is a member of RequestFault, a file of this shape, and a line here.
import type { RequestFault } from './request-fault.ts'
import type { FaultKind } from './answer-plan.ts'
import { disconnect } from './request/disconnect.ts'
import { drip } from './request/drip.ts'
import { hang } from './request/hang.ts'
import { latency } from './request/latency.ts'
import { malformed } from './request/malformed.ts'
import { status } from './request/status.ts'
import { truncated } from './request/truncated.ts'

export const faultKinds: { [Is in RequestFault['is']]: FaultKind<Is> } = { status, latency, hang, disconnect, truncated, malformed, drip }

/** The kind of a fault, with its type tied to the fault's. */
export function kindOf<Is extends RequestFault['is']>(is: Is): FaultKind<Is> {
  return faultKinds[is]
}
