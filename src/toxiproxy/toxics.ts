// All toxics of Toxiproxy 2.12, under their names on the wire. (`down` is none: it is the proxy switched off.)
import { bandwidth } from './toxics/bandwidth.ts'
import { latency } from './toxics/latency.ts'
import { limit_data } from './toxics/limit_data.ts'
import { noop } from './toxics/noop.ts'
import { reset_peer } from './toxics/reset_peer.ts'
import { slicer } from './toxics/slicer.ts'
import { slow_close } from './toxics/slow_close.ts'
import { timeout } from './toxics/timeout.ts'
import type { ToxicType } from './toxics/toxic-type.ts'

export const toxics = { noop, latency, bandwidth, slow_close, timeout, reset_peer, slicer, limit_data } satisfies Record<string, ToxicType>

/** Those of our own, which only the private path of the extensions accepts. */
export const extendedToxics = {} satisfies Record<string, ToxicType>
