import * as z from 'zod'

/** Settings of the health addresses. */
export const healthSettings = z.strictObject({
  /** What the body says of whose health it is. */
  service: z.string().min(1).default('gateway'),
  /** Debug mode: `/health/debug` answers, to operators. */
  debug: z.boolean().default(false),
})

export type HealthSettings = z.output<typeof healthSettings>
