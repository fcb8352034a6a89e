// `down`: the proxy is switched off. It is no toxic: a server is told `enabled: false`.
import * as z from 'zod'
import { nameOf, type NetworkFaultInput, type UpstreamName } from '../../fault-input.ts'
import { always, type NetworkFaultType, noDelay } from '../network-fault.ts'

/** Connections are refused, and those that exist are closed. */
export function cut(upstream: UpstreamName): NetworkFaultInput {
  return { made: 'network', upstream: nameOf(upstream), is: 'down' }
}

export const cutFault = {
  type: 'down',
  docs: [{ written: "cut('gemini')", does: 'Connections are refused, and those that exist are closed.' }],
  attributes: z.strictObject({}),
  build: { cut },
  sign: (_attributes, { seen }) => (seen.outcome === 'refused' ? 'the connection was refused' : undefined),
  delayBound: noDelay,
  keepsRequests: always,
} satisfies NetworkFaultType<'down', object, { cut: typeof cut }>
