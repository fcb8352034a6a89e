// All request faults. A new one is a file of the contract's shape (request-fault.ts) and a line here.
import type * as z from 'zod'
import { closedAfterFault } from './request/closed-after.ts'
import { customFault } from './request/custom.ts'
import { cutStreamFault } from './request/cut-stream.ts'
import { disconnectFault } from './request/disconnect.ts'
import { dripFault } from './request/drip.ts'
import { hangFault } from './request/hang.ts'
import { latencyFault } from './request/latency.ts'
import { malformedFault } from './request/malformed.ts'
import { stalledStreamFault } from './request/stalled-stream.ts'
import { overloadedFault } from './request/overloaded.ts'
import { slowStartFault } from './request/slow-start.ts'
import { statusFault } from './request/status.ts'
import { streamErrorFault } from './request/stream-error.ts'
import { truncatedFault } from './request/truncated.ts'
import type { RequestFaultInput } from './fault-input.ts'
import type { Builders, RequestFaultType } from './request-fault.ts'

export const requestFaults = {
  status: statusFault,
  latency: latencyFault,
  hang: hangFault,
  disconnect: disconnectFault,
  truncated: truncatedFault,
  malformed: malformedFault,
  drip: dripFault,
  stalled_stream: stalledStreamFault,
  cut_stream: cutStreamFault,
  stream_error: streamErrorFault,
  closed_after: closedAfterFault,
  overloaded: overloadedFault,
  slow_start: slowStartFault,
  custom: customFault,
}

/** What happens to a request that is hit, in planned form. */
export type RequestFault = z.output<(typeof requestFaults)[keyof typeof requestFaults]['schema']>

export function isRequestFault(is: string): is is RequestFault['is'] {
  return Object.hasOwn(requestFaults, is)
}

/** What is known of a fault. It takes faults of its own `is` alone. */
export function requestFaultOf(fault: RequestFault): RequestFaultType<RequestFault, Builders<RequestFaultInput>> {
  return requestFaults[fault.is]
}
