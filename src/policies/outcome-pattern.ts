// How settings name outcomes of attempts.
import * as z from 'zod'

/** A status ('404'), a class of them ('5xx'), or an outcome without one. */
export const outcomePattern = z.string().regex(/^([1-5]xx|[1-5]\d\d|timeout|connection_error)$/, {
  message: 'must be a status such as "404", a class such as "5xx", "timeout" or "connection_error"',
})
