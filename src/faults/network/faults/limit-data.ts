// `limit_data`: a connection is closed after so many bytes. Scenarios name it by `toxic`.
import * as z from 'zod'
import { always, noDelay, toxicFaultType, whole } from '../network-fault.ts'
import { limit_data } from '../toxics/limit_data.ts'

export const limitDataFault = toxicFaultType({
  type: 'limit_data',
  docs: [{ written: "toxic('gemini', 'limit_data', { bytes: 1000 })", does: 'Closes a connection after so many bytes.' }],
  toxic: limit_data,
  attributes: z.strictObject({ bytes: whole }),
  build: {},
  sign: (_attributes, { seen }) => (seen.outcome === 'cut_short' ? 'the answer was cut short' : undefined),
  delayBound: noDelay,
  keepsRequests: always,
})
