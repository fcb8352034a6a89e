// The settings of hedging, and which requests are hedged.
import * as z from 'zod'
import { safeMethods } from '../../contract/methods.ts'
import type { Ms } from '../../kernel/clock.ts'
import { duration } from '../../kernel/validation.ts'
import type { CallRequest } from '../effects.ts'

export const hedgeSettings = z.strictObject({
  /** Without an answer after this long, a safe request is sent once more. */
  after: duration,
  /** So many times at most. */
  extra: z.int().min(1).max(10).default(1),
})

/** As parsed: durations in milliseconds. */
export type HedgeSettings = z.output<typeof hedgeSettings>

/** When a call's first attempt is to be reported as pending; Infinity when the call is never hedged: unsafe, or not replayable. */
export function hedgeDelay(settings: HedgeSettings | undefined, request: CallRequest): Ms {
  return settings && request.replayable && safeMethods.has(request.method) ? settings.after : Number.POSITIVE_INFINITY
}
