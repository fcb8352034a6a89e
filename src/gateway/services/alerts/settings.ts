import * as z from 'zod'
import { duration, positiveDuration } from '../../../kernel/validation.ts'

/** Settings of alerts. Each rule can be made more or less sensitive, and none is silent. */
export const alertsSettings = z.strictObject({
  /** How often the rules are looked at. */
  every: positiveDuration.default(250),
  /** An alert ends when its condition has not held for so long. */
  endsAfter: duration.default(1000),
  /** Rates and growth are looked at over so long. */
  over: positiveDuration.default(10_000),
  /** Retries among the attempts of an upstream (0–1), above which their rate is high. */
  retryShare: z.number().min(0).max(1).default(0.2),
  /** How many attempts tell anything of that share. */
  retryAttempts: z.int().min(1).default(20),
  /** Deliveries that failed, of which so many are an alert. */
  webhookFailures: z.int().min(1).default(3),
})

export type AlertsSettings = z.output<typeof alertsSettings>
