// When a call is hedged: only a safe request that can be sent again.
import { safeMethods } from '../contract/methods.ts'
import type { Ms } from '../kernel/clock.ts'
import type { CallRequest } from './effects.ts'
import type { UpstreamPolicies } from './settings.ts'

/** When a call's first attempt is to be reported as pending; Infinity when it is never hedged. */
export function hedgeDelay(settings: UpstreamPolicies['hedge'], request: CallRequest): Ms {
  return settings && request.replayable && safeMethods.has(request.method) ? settings.after : Number.POSITIVE_INFINITY
}
