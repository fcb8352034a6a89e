// When a request's head is too late: Node looks at its connections now and then, so that a head is cut off by a quarter of its time later at
// most.
import type { Ms } from '../../kernel/clock.ts'
import type { Refusal } from './refusal.ts'

const CHECK_AT_LEAST: Ms = 1000

/** How often Node looks for late heads. */
export const headCheckEvery = (headTimeout: Ms): Ms => Math.ceil(Math.min(CHECK_AT_LEAST, headTimeout / 4))

export const headTooLate: Refusal = { reason: 'request_timeout', technical: 'the request did not arrive in time' }
