import * as z from 'zod'
import { positiveDuration } from '../../../kernel/validation.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Settings of long operations, such as an episode that is being made. */
export const operationsSettings = z.strictObject({
  /** One that processes for longer is stuck, and marked as an error. `STUCK_EPISODE_THRESHOLD_HOURS` overrides it. */
  stuckAfter: positiveDuration.default(2 * HOUR),
  /** How often stuck ones are looked for. */
  every: positiveDuration.default(60_000),
  /** How long one that is over is kept. */
  kept: positiveDuration.default(7 * DAY),
})

export type OperationsSettings = z.output<typeof operationsSettings>
