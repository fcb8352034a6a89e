// `limit_data`: a connection is closed after so many bytes. Scenarios name it by `toxic`.
import * as z from 'zod'
import { always, networkFaultType, noDelay, whole } from '../network-fault.ts'

export const limitDataFault = networkFaultType({
  type: 'limit_data',
  attributes: z.strictObject({ bytes: whole }),
  build: {},
  sign: (_attributes, { seen }) => (seen.outcome === 'cut_short' ? 'the answer was cut short' : undefined),
  delayBound: noDelay,
  keepsRequests: always,
})
