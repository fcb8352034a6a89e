// A breaker's settings.
import * as z from 'zod'
import { duration, positiveDuration } from '../../kernel/validation.ts'

// Over the last `within` of time, or over the last `calls` calls when that is given.
const window = {
  /** The share is no reason to open before so many calls are in the window. */
  minimum: z.int().min(1).default(10),
  within: positiveDuration.default(10_000),
  /** So many of the last calls are the window, in place of a time. */
  calls: z.int().min(1).optional(),
}
const share = {
  /** The share (0–1) that opens it. */
  ratio: z.number().gt(0).max(1),
}
const reachable = ({ minimum, calls = minimum }: { minimum: number; calls?: number | undefined }) => minimum <= calls
const unreachable = { path: ['minimum'], message: 'must not be above `calls`: so many are never in the window' }

export const breakerSettings = z
  .strictObject({
    /** Failures that open it: consecutive, or `within` a sliding window. 0: only rates open it; 5 when no rate is given. */
    failures: z.int().min(0).optional(),
    /** How long a failure, or a call, stays in the window. */
    within: positiveDuration.optional(),
    /** Opens at this share (0–1) of failures, once there are `minimum` calls. */
    failureRate: z
      .strictObject({ ...share, ...window })
      .refine(reachable, unreachable)
      .optional(),
    /** Opens at this share of calls that took longer than `over`; while half-open one such call counts as a failure. */
    slowRate: z
      .strictObject({
        /** A call that takes longer is slow. */
        over: positiveDuration,
        ...share,
        ...window,
      })
      .refine(reachable, unreachable)
      .optional(),
    /** Time open before the first probe. */
    recovery: duration.default(60_000),
    /** Factor by which `recovery` grows each time a probe fails, until the breaker closes. */
    recoveryGrowth: z.number().min(1).default(2),
    /** Where the growth ends. Default: 4 times `recovery`. */
    recoveryMax: duration.optional(),
    /** Largest share (0–1) of `recovery` that is added at random: many gateways must not probe at one instant. */
    recoveryJitter: z.number().min(0).max(1).default(0.2),
    /** Consecutive probe successes that close it. */
    successes: z.int().min(1).default(1),
    /** Probes in flight at most. */
    probes: z.int().min(1).max(1000).default(1),
    /** A probe without a result after this long has failed. Default: the attempt timeout and a second. */
    probeLease: positiveDuration.optional(),
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

/** As parsed: durations in milliseconds. */
export type BreakerSettings = z.output<typeof breakerSettings>
