// A fault in planned form: plain data, as it travels in run.json. `made` says who makes it.
import type { NetworkFault } from './network/networks.ts'
import type { Hits } from './hits.ts'
import type { ProcessRole } from './process-fault.ts'
import type { ProcessFault } from './processes.ts'
import type { RequestFault } from './requests.ts'

export type Fault =
  /** By the fake, per request. */
  | { made: 'request'; fault: RequestFault; hits: Hits }
  /** By Toxiproxy, per connection: those to an upstream or, with a role, those to the gateway's own store. */
  | ({ made: 'network'; role?: 'redis' } & NetworkFault)
  /** By the stage, to a whole process. */
  | { made: 'process'; role: ProcessRole; fault: ProcessFault }

export type Made = Fault['made']
export type FaultMade<By extends Made> = Extract<Fault, { made: By }>

/** What the fault is on: an upstream, or a process of the stage. */
export function targetOf({ upstream, fault }: { upstream?: string; fault: Fault }): string {
  return upstream ?? (fault.made === 'request' ? '' : (fault.role ?? ''))
}

/** Whether the fault is on the store that the gateway keeps its work in. It touches no request for an upstream. */
export function isOnStore(fault: Fault): boolean {
  return fault.made !== 'request' && fault.role === 'redis'
}

/** Whether the fault can touch requests for `upstream`. A fault on the gateway's process touches those for every upstream. */
export function actsOn(on: { upstream?: string; fault: Fault }, upstream: string): boolean {
  if (on.upstream !== undefined) return on.upstream === upstream
  return !isOnStore(on.fault)
}
