// The settings of fallbacks.
import * as z from 'zod'
import { positiveDuration } from '../../kernel/validation.ts'

const cached = z.strictObject({
  kind: z.literal('cached').default('cached'),
  /** The parts of a request that the cache key is made of. Without `body`, only safe methods are answered from the cache. */
  key: z
    .array(z.enum(['method', 'path', 'body']))
    .min(1)
    .default(['method', 'path']),
  entries: z.int().min(1).default(1000),
  maxAge: positiveDuration.default(3_600_000),
})

const fixed = z.strictObject({
  kind: z.literal('static'),
  status: z.int().min(200).max(599).default(200),
  headers: z.record(z.string(), z.string()).default({}),
  /** Sent as JSON, unless it is text. */
  body: z.json(),
})

const route = z.strictObject({
  kind: z.literal('route'),
  /** Another upstream of this gateway, which is asked the same. */
  upstream: z.string().min(1),
})

export const fallbackSettings = z.union([
  z.literal('cached').transform(() => cached.parse({})),
  z.literal('none').transform(() => undefined),
  fixed,
  route,
  cached,
])

/** As parsed: durations in milliseconds; undefined when there is no fallback. */
export type FallbackSettings = z.output<typeof fallbackSettings>
