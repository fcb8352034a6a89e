// What became of a request, as a class. In order of trust: what the load generator saw itself, then what the gateway says it
// did (a gateway of ours marks its answers), then the status alone, which is all that a foreign gateway gives.
import type { IncomingHttpHeaders } from 'node:http'
import type { Outcome } from '../../evidence/outcome.ts'

/** How a request ended, as seen on the wire. */
export type Ending =
  | { is: 'answered'; status: number; headers: IncomingHttpHeaders }
  /** Refused, reset or cut short; `status` is 0 when no status line arrived. */
  | { is: 'broken'; status: number; code: string }
  /** We stopped waiting. */
  | { is: 'given_up'; status: number; code: GivenUp }

/** `client_timeout` after the plan's timeout, `halted` when the load was stopped. */
export type GivenUp = 'client_timeout' | 'halted'

export interface Classified {
  outcome: Outcome
  status: number
  /** Why, when the outcome is not ok and there is more to say than the status. */
  error?: string
}

/** Values of `x-gateway-error`: the reason of an answer that the gateway made itself. */
const byReason: ReadonlyMap<string, Outcome> = new Map([
  ['circuit_open', 'rejected'],
  ['bulkhead_full', 'shed'],
  ['rate_limited', 'limited'],
  ['timeout', 'timeout'],
  ['deadline', 'timeout'],
  ['connection_error', 'connection_error'],
  ['body_broken', 'connection_error'],
] satisfies [string, Outcome][])

const byStatus: ReadonlyMap<number, Outcome> = new Map([
  [429, 'limited'],
  [504, 'timeout'],
] satisfies [number, Outcome][])

export function classify(ending: Ending): Classified {
  const { status } = ending
  if (ending.is === 'given_up') return { outcome: 'client_timeout', status, error: ending.code }
  // A status of 200 is no success when the body never came to its end.
  if (ending.is === 'broken') return { outcome: 'connection_error', status, error: ending.code }

  const reason = text(ending.headers['x-gateway-error'])
  const why = reason === undefined ? {} : { error: reason }
  if (isFallback(ending.headers)) return { outcome: 'fallback', status, ...why }
  const said = reason === undefined ? undefined : byReason.get(reason)
  if (said) return { outcome: said, status, ...why }
  if (status < 400) return { outcome: 'ok', status }
  return { outcome: byStatus.get(status) ?? 'upstream_error', status, ...why }
}

function isFallback(headers: IncomingHttpHeaders): boolean {
  return headers['x-gateway-fallback'] !== undefined || headers['x-gateway-outcome'] === 'fallback'
}

const text = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value)
