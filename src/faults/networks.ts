// All network faults under their toxics' names on the wire. A new one is a file of the contract's shape (network-fault.ts) and a line here.
import type { NetworkFault } from '../toxiproxy/toxics/toxic-spec.ts'
import type { NetworkFaultInput } from './fault-input.ts'
import { blackholeFault } from './network/blackhole.ts'
import { cutFault } from './network/cut.ts'
import { limitDataFault } from './network/limit-data.ts'
import { packetLossFault } from './network/packet-loss.ts'
import { resetsFault } from './network/resets.ts'
import { sharedLinkFault } from './network/shared-link.ts'
import { shortLivedFault } from './network/short-lived.ts'
import { slicerFault } from './network/slicer.ts'
import { slowCloseFault } from './network/slow-close.ts'
import { slowLinkFault } from './network/slow-link.ts'
import { slowNetworkFault } from './network/slow-network.ts'
import { unsteadyNetworkFault } from './network/unsteady-network.ts'
import type { AnyNetworkFault, AnyToxic, NetworkFaultType } from './network-fault.ts'
import type { Builders } from './request-fault.ts'

export const networkFaults = {
  down: cutFault,
  timeout: blackholeFault,
  bandwidth: slowLinkFault,
  latency: slowNetworkFault,
  reset_peer: resetsFault,
  jitter: unsteadyNetworkFault,
  packet_loss: packetLossFault,
  shared_bandwidth: sharedLinkFault,
  limit_time: shortLivedFault,
  slow_close: slowCloseFault,
  slicer: slicerFault,
  limit_data: limitDataFault,
} satisfies {
  [Type in Exclude<AnyToxic['type'], keyof typeof instead> | 'down']: NetworkFaultType<Type, Builders<NetworkFaultInput>>
}

/** Toxics that a scenario cannot name, and what to write instead. */
export const instead = {
  fail_first: 'use disconnect(…, { first: N }), which counts requests: the canary that watches the fault makes connections too',
  down: 'use cut(…)',
} as const

/** Undefined for a type that no scenario can name. */
export function networkFault(type: string): AnyNetworkFault | undefined {
  return Object.hasOwn(networkFaults, type) ? networkFaults[type as keyof typeof networkFaults] : undefined
}

/** The toxic's name on the wire, or `down`. */
export function networkTypeOf(fault: NetworkFault): AnyToxic['type'] | 'down' {
  return fault.is === 'down' ? 'down' : fault.toxic.type
}
