// `limit_time`: connections end at a certain age. Of the embedded Toxiproxy only.
import * as z from 'zod'
import { wentThrough } from '../canary-signs.ts'
import type { NetworkFaultInput, UpstreamName } from '../fault-input.ts'
import { always, networkFaultType, noDelay, toxic, whole } from '../network-fault.ts'

/** Every connection is closed when it is `ageMs` old, whatever it is doing. For the embedded Toxiproxy only. */
function shortLived(upstream: UpstreamName, ageMs: number): NetworkFaultInput {
  return toxic(upstream, 'limit_time', { time: ageMs })
}

export const shortLivedFault = networkFaultType({
  type: 'limit_time',
  attributes: z.strictObject({ time: whole }),
  build: { shortLived },
  // A canary's connection is over before its age matters.
  sign: wentThrough,
  delayBound: noDelay,
  keepsRequests: always,
})
