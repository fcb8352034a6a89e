// All toxics under their names on the wire. A new one is a file in this folder and a line here.
import { bandwidth } from './bandwidth.ts'
import { fail_first } from './fail_first.ts'
import { jitter } from './jitter.ts'
import { latency } from './latency.ts'
import { limit_data } from './limit_data.ts'
import { limit_time } from './limit_time.ts'
import { noop } from './noop.ts'
import { packet_loss } from './packet_loss.ts'
import { reset_peer } from './reset_peer.ts'
import { shared_bandwidth } from './shared_bandwidth.ts'
import { slicer } from './slicer.ts'
import { slow_close } from './slow_close.ts'
import { timeout } from './timeout.ts'
import type { ToxicType } from './toxic.ts'

/** The toxics of Toxiproxy 2.12. `down` is none: it is the proxy switched off. */
export const toxics = { noop, latency, bandwidth, slow_close, timeout, reset_peer, slicer, limit_data } satisfies Record<string, ToxicType>

/** The toxics of our own. Only the private path of the extensions accepts them. */
export const extendedToxics = { jitter, packet_loss, shared_bandwidth, limit_time, fail_first } satisfies Record<string, ToxicType>
