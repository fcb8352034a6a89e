// `slicer`: the stream comes in small pieces, with pauses between them. Scenarios name it by `toxic`.
import * as z from 'zod'
import { wentThrough } from '../canary-signs.ts'
import { onWayToUpstream, toxicFaultType, unbounded, whole } from '../network-fault.ts'
import { slicer } from '../toxics/slicer.ts'

export const slicerFault = toxicFaultType({
  type: 'slicer',
  docs: [
    { written: "toxic('gemini', 'slicer', { average_size: 100 })", does: 'The stream comes in small pieces, with pauses between them.' },
  ],
  toxic: slicer,
  attributes: z
    .strictObject({ average_size: whole.min(1), size_variation: whole.exactOptional(), delay: whole.exactOptional() })
    .refine(({ average_size, size_variation = 0 }) => size_variation < average_size, {
      error: 'size_variation must be below average_size',
    }),
  build: {},
  sign(attributes, sighting) {
    const { stream, seen, healthy } = sighting
    // Only the upstream could tell in how many pieces a request came.
    if (stream === 'upstream') return wentThrough(attributes, sighting)
    return seen.pieces > healthy.pieces ? `the answer came in ${seen.pieces} pieces, not ${healthy.pieces}` : undefined
  },
  // So many pauses as the request has pieces.
  delayBound: unbounded,
  keepsRequests: onWayToUpstream,
})
