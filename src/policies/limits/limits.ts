// The limits of an upstream: one row each, in the order in which an attempt passes them.
import * as z from 'zod'
import { Bulkhead, bulkheadSettings } from './bulkhead.ts'
import { RateLimit, rateLimitSettings } from './rate-limit.ts'
import type { WaitingQueue } from './waiting-queue.ts'

const limits = {
  bulkhead: limit(bulkheadSettings, (settings) => new Bulkhead(settings)),
  rateLimit: limit(rateLimitSettings, (settings) => new RateLimit(settings)),
}

type Table = typeof limits

/** By the name of their setting; one that is not set is undefined. */
export type Limits = { readonly [Name in keyof Table]: ReturnType<Table[Name]['create']> | undefined }

/** The limits' part of an upstream's settings: each is optional. */
export const limitSettings = Object.fromEntries(Object.entries(limits).map(([name, { settings }]) => [name, settings.optional()])) as {
  // fromEntries forgets which schema belongs to which name.
  [Name in keyof Table]: z.ZodOptional<Table[Name]['settings']>
}

/** `settings`: as parsed by `limitSettings`. */
export function createLimits(settings: { [Name in keyof Table]?: z.output<Table[Name]['settings']> | undefined }): Limits {
  const created = Object.entries(limits).map(([name, { create }]) => {
    const own = settings[name as keyof Table]
    return [name, own && create(own as never)] // its settings were parsed by its own schema
  })
  return Object.fromEntries(created) as Limits // each was made by its own row
}

function limit<Schema extends z.ZodType, Limit extends WaitingQueue>(settings: Schema, create: (settings: z.output<Schema>) => Limit) {
  return { settings, create }
}
