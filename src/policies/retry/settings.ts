// The settings of retries, and of their budget.
import * as z from 'zod'
import { duration } from '../../kernel/validation.ts'
import { outcomePattern } from '../outcome-pattern.ts'
import { retryBudgetSettings } from './budget/budgets.ts'

export const retrySettings = z
  .strictObject({
    /** Attempts in all, the first included. */
    attempts: z.int().min(1).default(3),
    /** How the delay grows from one retry to the next. */
    backoff: z.enum(['exponential', 'linear', 'constant']).default('exponential'),
    /** The first delay, before jitter. */
    base: duration.default(100),
    /** Each exponential delay over the one before. */
    growth: z.number().min(1).default(2),
    /** The longest delay. */
    max: duration.default(10_000),
    /** How much of a delay is drawn at random. */
    jitter: z.enum(['full', 'equal', 'decorrelated', 'none']).default('full'),
    /** Outcomes that are retried, and exceptions from them. */
    on: z.array(outcomePattern).default(['408', '429', '5xx', 'timeout', 'connection_error']),
    /** Outcomes that are not retried, whatever `on` says. */
    never: z.array(outcomePattern).default(['501']),
    /** Whether a Retry-After header is the shortest delay; one above `maxRetryAfter` ends the call. */
    retryAfter: z.boolean().default(true),
    /** The longest Retry-After that is waited for. */
    maxRetryAfter: duration.default(30_000),
    /** Whether a request that certainly was never sent is retried whatever its method. */
    retryUnsent: z.boolean().default(true),
    budget: retryBudgetSettings,
  })
  .refine(({ base, max }) => max >= base, { path: ['max'], message: 'must not be below `base`' })

/** As parsed: durations in milliseconds. */
export type RetrySettings = z.output<typeof retrySettings>
