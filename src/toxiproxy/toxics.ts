// All toxics under their names on the wire. A new one is a file in toxics/ and a line here.
import { bandwidth } from './toxics/bandwidth.ts'
import { fail_first } from './toxics/fail_first.ts'
import { jitter } from './toxics/jitter.ts'
import { latency } from './toxics/latency.ts'
import { limit_data } from './toxics/limit_data.ts'
import { limit_time } from './toxics/limit_time.ts'
import { noop } from './toxics/noop.ts'
import { packet_loss } from './toxics/packet_loss.ts'
import { reset_peer } from './toxics/reset_peer.ts'
import { shared_bandwidth } from './toxics/shared_bandwidth.ts'
import { slicer } from './toxics/slicer.ts'
import { slow_close } from './toxics/slow_close.ts'
import { timeout } from './toxics/timeout.ts'
import type { ToxicType } from './toxics/toxic-type.ts'

/** Those of Toxiproxy 2.12. (`down` is none: it is the proxy switched off.) */
export const toxics = { noop, latency, bandwidth, slow_close, timeout, reset_peer, slicer, limit_data } satisfies Record<string, ToxicType>

/** Those of our own, which only the private path of the extensions accepts. */
export const extendedToxics = { jitter, packet_loss, shared_bandwidth, limit_time, fail_first } satisfies Record<string, ToxicType>
