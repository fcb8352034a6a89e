import * as z from 'zod'
import { positiveDuration } from '../../kernel/validation.ts'

/** Where services keep their work: `server.store`. Nothing is opened unless a service needs it. */
export const storeSettings = z.strictObject({
  /** Default: `redis` where REDIS_URL is set, else `sqlite`. */
  kind: z.enum(['sqlite', 'redis']).optional(),
  /** Of SQLite: its file, from the folder of the config file on. */
  path: z.string().min(1).default('gateway.db'),
  /** Of Redis: how long an answer may take. */
  timeout: positiveDuration.default(1000),
})

export type StoreSettings = z.output<typeof storeSettings>
