// The settings of one upstream's policies: as people write them (durations as text), parsed once into milliseconds.
// The parsed form is plain data and is itself accepted as input: it travels from a plan to a gateway's configuration.
import * as z from 'zod'
import { type Problem, problemsError } from '../kernel/errors.ts'
import { check, duration } from '../kernel/validation.ts'

const span = duration.refine((ms) => ms > 0, 'must be above 0')
const ratio = z.number().gt(0).max(1)

// Over the last `within` of time, or over the last `calls` calls when that is given.
const window = { minimum: z.int().min(1).default(10), within: span.default(10_000), calls: z.int().min(1).optional() }
const reachable = ({ minimum, calls = minimum }: { minimum: number; calls?: number | undefined }) => minimum <= calls
const unreachable = { path: ['minimum'], message: 'must not be above `calls`: so many are never in the window' }

const breaker = z
  .strictObject({
    /** Failures that open it: consecutive, or `within` a sliding window. 0: only rates open it; 5 when no rate is given. */
    failures: z.int().min(0).optional(),
    within: span.optional(),
    /** Opens at this share (0–1) of failures, once there are `minimum` calls. */
    failureRate: z
      .strictObject({ ratio, ...window })
      .refine(reachable, unreachable)
      .optional(),
    /** Opens at this share of calls that took longer than `over`; while half-open one such call counts as a failure. */
    slowRate: z
      .strictObject({ over: span, ratio, ...window })
      .refine(reachable, unreachable)
      .optional(),
    /** Time open before the first probe. */
    recovery: duration.default(60_000),
    /** What it is multiplied by each time a probe fails, until the breaker closes. */
    recoveryGrowth: z.number().min(1).default(2),
    /** Where growth ends. Default: 4 times `recovery`. */
    recoveryMax: duration.optional(),
    /** A random share (0–1) of itself is added, lest many gateways probe at one instant. */
    recoveryJitter: z.number().min(0).max(1).default(0.2),
    /** Consecutive probe successes that close it. */
    successes: z.int().min(1).default(1),
    /** Probes in flight at most. */
    probes: z.int().min(1).max(1000).default(1),
    /** A probe without a result after this long has failed. Default: the attempt timeout and a second. */
    probeLease: span.optional(),
    /** Whether each attempt counts, or each call as a whole. */
    counts: z.enum(['attempts', 'calls']).default('attempts'),
  })
  .transform((written) => ({
    ...written,
    failures: written.failures ?? (written.failureRate || written.slowRate ? 0 : 5),
    recoveryMax: written.recoveryMax ?? 4 * written.recovery,
  }))
  .refine(({ failures, failureRate, slowRate }) => failures > 0 || failureRate || slowRate, {
    path: ['failures'],
    message: 'must be at least 1, or there must be a failureRate or a slowRate: nothing would ever open it',
  })
  .refine(({ failures, within }) => within === undefined || failures > 0, { path: ['within'], message: 'needs `failures`' })
  .refine(({ recovery, recoveryMax }) => recoveryMax >= recovery, { path: ['recoveryMax'], message: 'must not be below `recovery`' })

/** A status ('404'), a class of them ('5xx'), or an outcome without one. */
const outcomePattern = z.string().regex(/^([1-5]xx|[1-5]\d\d|timeout|connection_error)$/, {
  message: 'must be a status such as "404", a class such as "5xx", "timeout" or "connection_error"',
})

const ratioBudget = z.strictObject({
  kind: z.literal('ratio').default('ratio'),
  /** Retries per request. */
  ratio: z.number().min(0).max(10).default(0.2),
  /** Retries that may be under way whatever the ratio says, in debt of later requests. */
  floor: z.int().min(0).default(3),
  /** How long a request, or a debt, is remembered. */
  window: span.default(10_000),
})
const throttleBudget = z.strictObject({
  kind: z.literal('throttle'),
  /** A failure costs one, a success returns `ratio`; retries stop at half of them. */
  tokens: z.number().gt(0).max(1000).default(10),
  ratio: z.number().gt(0).default(0.1),
})

const retry = z
  .strictObject({
    /** Attempts in all, the first included. */
    attempts: z.int().min(1).default(3),
    backoff: z.enum(['exponential', 'linear', 'constant']).default('exponential'),
    base: duration.default(100),
    /** Each exponential delay over the one before. */
    growth: z.number().min(1).default(2),
    max: duration.default(10_000),
    jitter: z.enum(['full', 'equal', 'decorrelated', 'none']).default('full'),
    /** Outcomes that are retried, and exceptions from them. */
    on: z.array(outcomePattern).default(['408', '429', '5xx', 'timeout', 'connection_error']),
    never: z.array(outcomePattern).default(['501']),
    /** Whether a Retry-After header is the shortest delay; one above `maxRetryAfter` ends the call. */
    retryAfter: z.boolean().default(true),
    maxRetryAfter: duration.default(30_000),
    /** Whether a request that certainly was never sent is retried whatever its method. */
    retryUnsent: z.boolean().default(true),
    budget: z.union([z.literal('none'), throttleBudget, ratioBudget]).prefault({}),
  })
  .refine(({ base, max }) => max >= base, { path: ['max'], message: 'must not be below `base`' })

const timeout = z.strictObject({
  attempt: span.default(2000),
  /** Covers queueing, backoff and all attempts. */
  total: span.default(10_000),
})

const limits = { min: z.int().min(1).default(1), max: z.int().min(1).default(200) }
const adaptiveLimit = z.discriminatedUnion('kind', [
  /** One more after a success at a busy limit, a tenth fewer after a failure or an answer slower than `slow`. */
  z.strictObject({ kind: z.literal('aimd'), ...limits, backoff: z.number().gt(0).lt(1).default(0.9), slow: span.default(5000) }),
  /** Follows the ratio of long-term to present latency. */
  z.strictObject({ kind: z.literal('gradient'), ...limits, tolerance: z.number().min(1).default(1.5), smoothing: ratio.default(0.2) }),
])

const bulkhead = z
  .strictObject({
    /** Requests at the upstream at most; where an adaptive limit begins. */
    concurrent: z.int().min(1).default(64),
    queue: z.int().min(0).default(0),
    /** Longest wait in the queue. Default: as long as the call's total timeout allows. */
    maxWait: duration.optional(),
    adaptive: adaptiveLimit.optional(),
  })
  .refine(({ adaptive, concurrent }) => !adaptive || (adaptive.min <= concurrent && concurrent <= adaptive.max), {
    path: ['concurrent'],
    message: 'must lie between adaptive.min and adaptive.max: the limit begins there',
  })

const waiting = { queue: z.int().min(0).default(0), maxWait: duration.optional() }
const minimumInterval = z.strictObject({
  kind: z.literal('minimum_interval'),
  /** Time between the starts of two requests. */
  interval: span,
  ...waiting,
})
const tokenBucket = z.strictObject({
  kind: z.literal('token_bucket').default('token_bucket'),
  /** So many requests `per` span on average, `burst` at once after a quiet time (default: `limit`). */
  limit: z.number().gt(0),
  per: span.default(1000),
  burst: z.int().min(1).optional(),
  ...waiting,
})

const hedge = z.strictObject({
  /** Without an answer after this long, a safe request is sent once more. */
  after: duration,
  /** So many times at most. */
  extra: z.int().min(1).max(10).default(1),
})

const cachedFallback = z.strictObject({
  kind: z.literal('cached').default('cached'),
  /** What makes two requests the same question. Without `body`, only safe methods are answered from the cache. */
  key: z
    .array(z.enum(['method', 'path', 'body']))
    .min(1)
    .default(['method', 'path']),
  entries: z.int().min(1).default(1000),
  maxAge: span.default(3_600_000),
})
const staticFallback = z.strictObject({
  kind: z.literal('static'),
  status: z.int().min(200).max(599).default(200),
  headers: z.record(z.string(), z.string()).default({}),
  /** Sent as JSON, unless it is text. */
  body: z.json(),
})
const routeFallback = z.strictObject({
  kind: z.literal('route'),
  /** Another upstream of this gateway, which is asked the same. */
  upstream: z.string().min(1),
})

/** Policies of one upstream; a missing one is switched off, but for the timeouts. */
export const upstreamPolicies = z.strictObject({
  timeout: timeout.prefault({}),
  breaker: breaker.optional(),
  retry: retry.optional(),
  bulkhead: bulkhead.optional(),
  rateLimit: z.union([minimumInterval, tokenBucket]).optional(),
  hedge: hedge.optional(),
  /** What an outcome says of the upstream: overrules the usual table for the patterns named. */
  classes: z.partialRecord(outcomePattern, z.enum(['success', 'failure', 'neutral', 'answered'])).optional(),
  fallback: z
    .union([
      z.literal('cached').transform(() => cachedFallback.parse({})),
      z.literal('none').transform(() => undefined),
      staticFallback,
      routeFallback,
      cachedFallback,
    ])
    .optional(),
})

/** As written: `{ breaker: { failures: 5, recovery: '5s' }, fallback: 'cached' }`. */
export type UpstreamPoliciesInput = z.input<typeof upstreamPolicies>
/** As parsed: every duration in milliseconds, every default filled in. */
export type UpstreamPolicies = z.output<typeof upstreamPolicies>

/** @throws GatecrashError `invalid_config` naming every problem at once, each below `place` (such as `upstreams.gemini`) */
export function parsePolicies(place: string, written: UpstreamPoliciesInput): UpstreamPolicies {
  const problems: Problem[] = []
  const parsed = check(upstreamPolicies, written, '', problems)
  if (!parsed) throw problemsError('invalid_config', place, problems)
  return parsed
}
