// Settings of the gateway as a whole.
import * as z from 'zod'
import type { Problem } from '../../kernel/errors.ts'
import { duration, positiveDuration, suggest } from '../../kernel/validation.ts'
import { tokenBucketSettings } from '../../policies/limits/token-bucket.ts'
import { forwardedModes } from '../request/forwarding.ts'
import { storeSettings } from '../stores/settings.ts'
import { isHeaderName } from './header-syntax.ts'

/** Longer, and a client that sends its head slowly would be cut off by the time that a whole request may take. */
const LONGEST_HEAD = 300_000
const GIGABYTE = 1024 ** 3

/** Room for bodies, where the settings say nothing. */
const BODY_BUDGET = 256 * 1024 ** 2

const { limit, per, burst } = tokenBucketSettings

const clientRateLimit = z.strictObject({
  limit,
  per,
  burst,
  /** What tells clients apart: their address, or the value of a header such as `x-api-key`. */
  by: z.string().toLowerCase().refine(isHeaderName, 'must be "address" or the name of a header').default('address'),
})

export const server = z
  .strictObject({
    /** Largest request body, as sent and as decoded; 413 above. `MAX_REQUEST_SIZE_BYTES` overrides it. */
    maxRequestBytes: z
      .int()
      .min(1)
      .max(GIGABYTE)
      .default(100 * 1024 * 1024),
    /** What the bodies of all requests may take together; 503 above. Default: 256 MiB, or one body of the largest size. */
    bodyBudgetBytes: z.int().min(1).optional(),
    /** A request body arrives within this time and a second more for every 500 bytes, and is silent no longer; 408 after it. */
    bodyTimeout: positiveDuration.default(20_000),
    /** The head of a request arrives within this time, from its first byte or from when its connection was made; 408 after it. */
    headTimeout: positiveDuration.pipe(z.number().max(LONGEST_HEAD, 'must be at most 5 minutes')).default(20_000),
    clientRateLimit: clientRateLimit.optional(),
    /** Client requests in the gateway at once; 503 above. */
    inFlight: z.int().min(1).default(10_000),
    /** Client requests for one upstream at once; 503 above. A bulkhead bounds more closely. */
    inFlightPerUpstream: z.int().min(1).default(1000),
    /** New requests are refused with 503 while the event loop is later than this. Absent: never. */
    maxLoopDelay: positiveDuration.optional(),
    /** An answer is held back until this much of it has arrived, or all: up to then it can still be replaced by a retry. */
    commitBytes: z
      .int()
      .min(0)
      .max(GIGABYTE)
      .default(64 * 1024),
    /** An event stream that says nothing for this long is given up. A client that reads nothing of its answer for this long is cut off. */
    streamIdle: positiveDuration.default(60_000),
    /** How long a stop waits for requests in flight. */
    drain: duration.default(10_000),
    /** Breaker transitions kept for replay. */
    eventsKept: z.int().min(1).max(1_000_000).default(10_000),
    /** How often an event stream that has nothing to tell says that it is alive. */
    heartbeat: positiveDuration.default(5000),
    /** Bearer token of the operators' addresses; without one they answer to loopback only. `GATEWAY_ADMIN_TOKEN` overrides it. */
    adminToken: z
      .string()
      .refine(
        (token) => /^[\x21-\x7e]{1,4096}$/.test(token),
        'must be of printable ASCII characters without spaces: it travels in a header',
      )
      .optional(),
    /** By it the gateway's own services know the gateway. Nobody else is sent it. `INTERNAL_TOKEN` overrides it. */
    internalToken: z
      .string()
      .refine((token) => /^[\x21-\x7e]{8,4096}$/.test(token), 'must be of 8 or more printable ASCII characters without spaces')
      .optional(),
    /** The upstreams that are services of one's own. */
    internalUpstreams: z.array(z.string()).default([]),
    /** Prometheus metrics are served on this port, and no longer on the gateway's own; 0 for a free one. `METRICS_PORT` overrides it. */
    metricsPort: z.int().min(0).max(65_535).optional(),
    /** What upstreams are told of the client's address: what it claims itself, nothing, X-Forwarded-*, or Forwarded (RFC 7239). */
    forwarded: z.enum(forwardedModes).default('pass'),
    /** Where services keep what outlives the gateway. `REDIS_URL` says where Redis is. */
    store: storeSettings.prefault({}),
    /** A request that takes longer is logged as slow. */
    slowRequest: duration.default(1000),
    /** A request that takes longer is logged as very slow. */
    verySlowRequest: duration.default(5000),
  })
  .transform((settings) => ({ ...settings, bodyBudgetBytes: settings.bodyBudgetBytes ?? Math.max(BODY_BUDGET, settings.maxRequestBytes) }))
  .refine(({ maxRequestBytes, bodyBudgetBytes }) => bodyBudgetBytes >= maxRequestBytes, {
    path: ['bodyBudgetBytes'],
    message: 'must not be below maxRequestBytes: the largest body would never fit',
  })

export type ServerSettings = z.output<typeof server>
export type ServerSettingsInput = z.input<typeof server>

/** What is wrong with the server's settings and the upstreams of one gateway taken together; paths begin with a setting's name. */
export function serverProblems({ internalUpstreams }: Pick<ServerSettings, 'internalUpstreams'>, upstreams: readonly string[]): Problem[] {
  return internalUpstreams.flatMap((name) =>
    upstreams.includes(name)
      ? []
      : [{ path: 'internalUpstreams', message: `must be upstreams of this gateway, got "${name}"${suggest(name, upstreams)}` }],
  )
}
