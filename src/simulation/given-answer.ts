// What of an answer the simulated gateway gives to a client: its status, its headers with the gateway's marks, and its body.
import type { BodySum } from '../contract/body-checksum.ts'
import { REQUEST_ID, marks } from '../contract/headers.ts'
import type { KeptResponse } from '../gateway/cache/kept-response.ts'
import type { Served } from '../policies/serve.ts'

type Headers = Record<string, string>

/** What goes to the client at once. */
export interface Given {
  status: number
  headers: Headers
  pieces: readonly Buffer[]
  /** Of a whole body that is known to be JSON. */
  sum?: BodySum
}

export function marksOf(
  { source, outcome, reason, attempts }: Exclude<Served<KeptResponse>, { source: 'none' }>,
  id: string,
  responseTime: string,
): Headers {
  const told: Headers = {
    [REQUEST_ID]: id,
    [marks.outcome]: outcome,
    [marks.attempts]: String(attempts),
    [marks.responseTime]: responseTime,
  }
  if (source !== 'upstream') Object.assign(told, { [marks.fallback]: source, [marks.fallbackReason]: reason })
  return told
}

export function joined(pieces: readonly Buffer[]): Buffer {
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
}

/** From the flat list of names and values that a response is written with. */
export function byName(flat: readonly string[]): Headers {
  const headers: Headers = {}
  for (let at = 0; at < flat.length; at += 2) headers[flat[at]!.toLowerCase()] = flat[at + 1]!
  return headers
}
