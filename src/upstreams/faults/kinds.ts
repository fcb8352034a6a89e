// All kinds of request faults. A new one is a member of RequestFault, a file of this shape, and a line here.
import type { RequestFault } from '../faults.ts'
import type { FaultKind } from '../treatment.ts'
import { disconnect } from './disconnect.ts'
import { drip } from './drip.ts'
import { hang } from './hang.ts'
import { latency } from './latency.ts'
import { malformed } from './malformed.ts'
import { status } from './status.ts'
import { truncated } from './truncated.ts'

export const faultKinds: { [Is in RequestFault['is']]: FaultKind<Is> } = { status, latency, hang, disconnect, truncated, malformed, drip }

/** The kind of a fault, with its type tied to the fault's. */
export function kindOf<Is extends RequestFault['is']>(is: Is): FaultKind<Is> {
  return faultKinds[is]
}
