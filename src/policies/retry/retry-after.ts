// Reads a Retry-After header (RFC 9110, 10.2.3): whole seconds, or an HTTP date.
import type { Ms } from '../../kernel/clock.ts'

// IMF-fixdate, and the two obsolete forms that a recipient must accept: all begin with the name of a day.
const HTTP_DATE = /^(Mon|Tues?|Wed(nes)?|Thu(rs)?|Fri|Sat(ur)?|Sun)(day)?[, ]/

/** The delay that the header asks for; undefined when it is absent, unreadable, negative, or a date that has passed. */
export function retryAfterMs(header: string | undefined, wallNow: () => Date): Ms | undefined {
  if (header === undefined) return undefined
  const text = header.trim()
  if (/^\d+$/.test(text)) return Number(text) * 1000
  if (!HTTP_DATE.test(text)) return undefined
  const delay = Date.parse(text) - wallNow().getTime()
  return delay > 0 ? delay : undefined
}
