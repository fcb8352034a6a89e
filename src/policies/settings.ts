// The settings of one upstream's policies: as people write them (durations as text), parsed once into milliseconds.
import * as z from 'zod'
import { type Duration, parseDuration } from '../kernel/duration.ts'

const duration = z.union([z.string(), z.number()]).transform((text: Duration, context) => {
  try {
    return parseDuration(text)
  } catch (cause) {
    context.addIssue({ code: 'custom', message: (cause as Error).message })
    return z.NEVER
  }
})

const breaker = z.strictObject({
  /** Consecutive failures that open it. */
  failures: z.int().min(1).default(5),
  /** Time open before the first probe. */
  recovery: duration.default(60_000),
  /** Consecutive probe successes that close it. */
  successes: z.int().min(1).default(1),
  /** Probes in flight at most. */
  probes: z.int().min(1).default(1),
  /** Whether each attempt counts, or each call as a whole. */
  counts: z.enum(['attempts', 'calls']).default('attempts'),
})

const retry = z.strictObject({
  /** Attempts in all, the first included. */
  attempts: z.int().min(1).default(3),
  backoff: z.enum(['exponential', 'linear', 'constant']).default('exponential'),
  base: duration.default(100),
  max: duration.default(10_000),
  jitter: z.enum(['full', 'equal', 'decorrelated', 'none']).default('full'),
})

const timeout = z.strictObject({
  attempt: duration.default(2000),
  /** Covers queueing, backoff and all attempts. */
  total: duration.default(10_000),
})

const bulkhead = z.strictObject({
  concurrent: z.int().min(1).default(64),
  queue: z.int().min(0).default(0),
})

const cachedFallback = z.strictObject({
  kind: z.literal('cached').default('cached'),
  /** What makes two requests the same question. */
  key: z
    .array(z.enum(['method', 'path', 'body']))
    .min(1)
    .default(['method', 'path']),
  entries: z.int().min(1).default(1000),
  maxAge: duration.default(3_600_000),
})

/** Policies of one upstream; a missing one is switched off, but for the timeouts. */
export const upstreamPolicies = z.strictObject({
  timeout: timeout.prefault({}),
  breaker: breaker.optional(),
  retry: retry.optional(),
  bulkhead: bulkhead.optional(),
  fallback: z.union([z.literal('cached').transform(() => cachedFallback.parse({})), cachedFallback]).optional(),
})

/** As written: `{ breaker: { failures: 5, recovery: '5s' }, fallback: 'cached' }`. */
export type UpstreamPoliciesInput = z.input<typeof upstreamPolicies>
/** As parsed: every duration in milliseconds, every default filled in. */
export type UpstreamPolicies = z.output<typeof upstreamPolicies>
