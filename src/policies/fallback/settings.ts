// The settings of fallbacks.
import * as z from 'zod'
import { duration, positiveDuration } from '../../kernel/validation.ts'
import { routeWithMethod } from '../route-pattern.ts'

const headerName = z
  .string()
  .regex(/^[\w!#$%&'*+.^`|~-]+$/, 'must be the name of a header')
  .toLowerCase()

// Which answers are kept, for whom and for how long: gateway/cache/ says it in full.
const cached = z
  .strictObject({
    /** `cached`, `static`, or `route` to another upstream. */
    kind: z.literal('cached').default('cached'),
    /**
     * Routes whose answers are kept although their method is not GET or HEAD: `POST /v1/models/*:generate`. Such a route must only read:
     * an answer of it says that something was done, and will be given again.
     */
    unsafe: z
      .array(
        routeWithMethod
          .refine((route) => !/^(GET|HEAD) /.test(route), 'needs no entry: GET and HEAD are kept on every route')
          .refine((route) => !/^(CONNECT|TRACE|OPTIONS) /.test(route), 'answers to this method are never kept'),
      )
      .default([]),
    /** Only these request headers, and those that an answer's Vary names, keep answers apart. Default: every header that is not about transport. */
    identity: z.strictObject({ headers: z.array(headerName) }).optional(),
    /** Request headers that do not keep answers apart, beside those about transport. */
    ignore: z.array(headerName).default([]),
    /** Answers that are kept, at most. */
    entries: z.int().min(1).default(1000),
    /** Memory for kept answers, all together. */
    bytes: z
      .int()
      .min(1)
      .default(64 * 1024 * 1024),
    /** How long an answer is fresh that does not say it itself. */
    maxAge: positiveDuration.default(3_600_000),
    /** How long an answer may be used that is no longer fresh, where it does not say that itself (stale-if-error). */
    staleIfError: duration.default(0),
    /** The notation of old: `body` among the parts stands for `unsafe: ['POST /**']`. Method, path and body are always in the key. */
    key: z
      .array(z.enum(['method', 'path', 'body']))
      .min(1)
      .optional(),
  })
  .refine(({ identity, ignore }) => !identity || ignore.length === 0, {
    path: ['ignore'],
    message: 'says nothing beside `identity`, which already names all headers that matter',
  })
  .refine(({ ignore }) => !ignore.includes('idempotency-key'), { path: ['ignore'], message: 'must not name idempotency-key' })
  .transform(({ key, unsafe, ...settings }) => ({
    ...settings,
    unsafe: key?.includes('body') && unsafe.length === 0 ? ['POST /**'] : unsafe,
  }))

const fixed = z.strictObject({
  kind: z.literal('static'),
  /** The status of a static answer. */
  status: z.int().min(200).max(599).default(200),
  /** Of a static answer the headers that it has; of `identity` those that keep answers apart. */
  headers: z.record(z.string(), z.string()).default({}),
  /** Sent as JSON, unless it is text. */
  body: z.json(),
})

const route = z.strictObject({
  kind: z.literal('route'),
  /** Another upstream of this gateway, which is asked the same. */
  upstream: z.string().min(1),
  /** Whether it also gets the client's credentials: those in headers and in the query. They were made for another service. */
  credentials: z.boolean().default(false),
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
export type CachedSettings = z.output<typeof cached>
