// `slow_close`: the end of a connection is passed on later. Scenarios name it by `toxic`.
import * as z from 'zod'
import { slower, wentThrough } from '../canary-signs.ts'
import { noDelay, onWayToUpstream, toxicFaultType, whole } from '../network-fault.ts'
import { slow_close } from '../toxics/slow_close.ts'

export const slowCloseFault = toxicFaultType({
  type: 'slow_close',
  docs: [{ written: "toxic('gemini', 'slow_close', { delay: 500 })", does: 'The end of a connection is passed on later.' }],
  toxic: slow_close,
  attributes: z.strictObject({ delay: whole }),
  build: {},
  // Only the upstream could tell when the client's end reached it.
  sign: (attributes, sighting) =>
    sighting.stream === 'upstream'
      ? wentThrough(attributes, sighting)
      : slower(sighting.healthy.endMs, sighting.seen.endMs, attributes.delay, 'the close'),
  delayBound: noDelay,
  keepsRequests: onWayToUpstream,
})
