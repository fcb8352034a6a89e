// Which requests a request fault hits. All given conditions must hold; with none given, the fault hits every request.
import * as z from 'zod'
import { plural, share as shareText } from '../kernel/wording.ts'

export const hitsSchema = z.strictObject({
  /** This share (0–1) of requests, by a draw keyed by seed, fault and request ordinal. */
  share: z.number().min(0).max(1).exactOptional(),
  /** Only the first n requests after the fault was set. */
  first: z.int().min(1).exactOptional(),
  /** Every n-th request after the fault was set, beginning with the n-th. */
  every: z.int().min(1).exactOptional(),
  /** Only the first n attempts of each request id: a retry passes. */
  attempts: z.int().min(1).exactOptional(),
  /** Only requests for these routes; `first` and `every` count only those. */
  routes: z.array(z.string()).min(1).exactOptional(),
  /** Only requests with these methods; `first` and `every` count only those. */
  methods: z
    .array(z.string().transform((method) => method.toUpperCase()))
    .min(1)
    .exactOptional(),
  /** Only requests of this probe of a claim; `first` and `every` count only those. */
  probe: z.string().min(1).exactOptional(),
})

export type Hits = z.output<typeof hitsSchema>

/** `["30 % of requests", "only the first attempt"]`; empty when every request is hit. */
export function hitsWords({ share, first, every, attempts, routes, methods, probe }: Hits): string[] {
  return [
    share !== undefined && share < 1 && `${shareText(share)} of requests`,
    first !== undefined && `only the first ${first === 1 ? 'request' : plural(first, 'request')}`,
    every !== undefined && `1 request in ${every}`,
    attempts !== undefined && `only the first ${attempts === 1 ? 'attempt' : plural(attempts, 'attempt')}`,
    routes && `only ${routes.join(', ')}`,
    methods && `only ${methods.join(', ')}`,
    probe !== undefined && `only the probe "${probe}"`,
  ].filter((text) => typeof text === 'string')
}
