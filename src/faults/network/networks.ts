// All network faults under their toxics' names on the wire. A new one is a file of the contract's shape (network-fault.ts), its toxic's,
// and a line here: servers, the harness and the types read this table.
import { blackholeFault } from './faults/blackhole.ts'
import { cutFault } from './faults/cut.ts'
import { limitDataFault } from './faults/limit-data.ts'
import { packetLossFault } from './faults/packet-loss.ts'
import { resetsFault } from './faults/resets.ts'
import { sharedLinkFault } from './faults/shared-link.ts'
import { shortLivedFault } from './faults/short-lived.ts'
import { slicerFault } from './faults/slicer.ts'
import { slowCloseFault } from './faults/slow-close.ts'
import { slowLinkFault } from './faults/slow-link.ts'
import { slowNetworkFault } from './faults/slow-network.ts'
import { unsteadyNetworkFault } from './faults/unsteady-network.ts'
import type { AnyNetworkFault } from './network-fault.ts'
import type { AttributeFields, GivenOf } from './toxic-attribute.ts'
import type { ToxicStream, ToxicType } from './toxic.ts'
import { fail_first } from './toxics/fail_first.ts'
import { noop } from './toxics/noop.ts'

/** Made by the toxics of Toxiproxy 2.12, on any server. */
const common = {
  timeout: blackholeFault,
  bandwidth: slowLinkFault,
  latency: slowNetworkFault,
  reset_peer: resetsFault,
  slow_close: slowCloseFault,
  slicer: slicerFault,
  limit_data: limitDataFault,
}

/** Made by toxics of our own: only the embedded server has them. */
const extended = {
  jitter: unsteadyNetworkFault,
  packet_loss: packetLossFault,
  shared_bandwidth: sharedLinkFault,
  limit_time: shortLivedFault,
}

export const networkFaults = { down: cutFault, ...common, ...extended }

/** The toxics of Toxiproxy 2.12. `down` is none: it is the proxy switched off. */
export const toxics = { noop, ...toxicsOf(common) }

/** The toxics of our own. Only the private path of the extensions accepts them. */
export const extendedToxics = { ...toxicsOf(extended), fail_first }

/** Toxics that a scenario cannot name, and what to write instead. */
export const instead = {
  fail_first: 'use disconnect(…, { first: N }), which counts requests: the canary that watches the fault makes connections too',
  down: 'use cut(…)',
} as const

/** A toxic of Toxiproxy 2.12, with the attributes that it needs. `noop` is left out, since it does nothing. */
export type ToxicSpec = SpecOf<Omit<typeof toxics, 'noop'>>

/** A toxic of the embedded server alone. Any other server is asked first, and the fault refused before anything is sent. */
export type ExtendedToxicSpec = SpecOf<typeof extendedToxics>

/** A network fault: one toxic on one direction, or the proxy switched off (`down`: connections are refused). */
export type NetworkFault = { is: 'toxic'; toxic: ToxicSpec | ExtendedToxicSpec; stream: ToxicStream; toxicity: number } | { is: 'down' }

/** Undefined for a type that no scenario can name. */
export function networkFault(type: string): AnyNetworkFault | undefined {
  return Object.hasOwn(networkFaults, type) ? networkFaults[type as keyof typeof networkFaults] : undefined
}

/** The toxic's name on the wire, or `down`. */
export function networkTypeOf(fault: NetworkFault): ToxicSpec['type'] | ExtendedToxicSpec['type'] | 'down' {
  return fault.is === 'down' ? 'down' : fault.toxic.type
}

type SpecOf<Table extends Record<string, Pick<ToxicType, 'attributes'>>> = {
  [Type in keyof Table]: { type: Type; attributes: Given<Table[Type]> }
}[keyof Table]

type Given<Toxic> = Toxic extends { attributes: infer Fields extends AttributeFields } ? GivenOf<Fields> : never

type ToxicsOf<Table extends Record<string, { toxic: unknown }>> = { readonly [Type in keyof Table]: Table[Type]['toxic'] }

function toxicsOf<const Table extends Record<string, { toxic: unknown }>>(table: Table): ToxicsOf<Table> {
  // Object.fromEntries cannot carry the relation between a key and its type.
  return Object.fromEntries(Object.entries(table).map(([type, { toxic }]) => [type, toxic])) as ToxicsOf<Table>
}
