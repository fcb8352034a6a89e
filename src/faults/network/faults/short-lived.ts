// `limit_time`: connections end at a certain age. Of the embedded Toxiproxy only.
import * as z from 'zod'
import type { NetworkFaultInput, UpstreamName } from '../../fault-input.ts'
import { wentThrough } from '../canary-signs.ts'
import { always, noDelay, toxic, toxicFaultType, whole } from '../network-fault.ts'
import { limit_time } from '../toxics/limit_time.ts'

/** Every connection is closed when it is `ageMs` old, whatever it is doing. For the embedded Toxiproxy only. */
function shortLived(upstream: UpstreamName, ageMs: number): NetworkFaultInput {
  return toxic(upstream, 'limit_time', { time: ageMs })
}

export const shortLivedFault = toxicFaultType({
  type: 'limit_time',
  docs: [
    { written: "shortLived('gemini', 500)", does: 'Every connection is closed when it is so many milliseconds old, whatever it is doing.' },
  ],
  toxic: limit_time,
  attributes: z.strictObject({ time: whole }),
  build: { shortLived },
  // A canary's connection is over before its age matters.
  sign: wentThrough,
  delayBound: noDelay,
  keepsRequests: always,
})
