// The rules of adaptive concurrency limits.
import * as z from 'zod'
import { Aimd, aimdSettings } from './aimd.ts'
import { Gradient, gradientSettings } from './gradient.ts'
import type { LimitRule } from './limit-rule.ts'

export const adaptiveLimitSettings = z.discriminatedUnion('kind', [aimdSettings, gradientSettings])

/** `initial`: the limit before the first request has ended. */
export function limitRule(settings: z.output<typeof adaptiveLimitSettings>, initial: number): LimitRule {
  return settings.kind === 'aimd' ? new Aimd(settings, initial) : new Gradient(settings, initial)
}
