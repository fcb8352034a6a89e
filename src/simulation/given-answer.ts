// What of an answer the simulated gateway gives to a client: its status, its headers with the gateway's marks, and its body.
import { type BodySum, bodySum } from '../contract/body-checksum.ts'
import { gatewayOnly, REQUEST_ID, marks } from '../contract/headers.ts'
import type { Piece } from '../contract/piece.ts'
import type { KeptResponse } from '../gateway/cache/kept-response.ts'
import { type Refusal, refusalAnswer } from '../gateway/request/refusal.ts'
import { substituteResponse } from '../gateway/request/substitute-response.ts'
import type { Ms } from '../kernel/clock.ts'
import { WrittenJson } from '../upstreams/written-json.ts'
import type { Served, ServedSubstitute } from '../policies/serve.ts'

type Headers = Record<string, string>

/** What goes to the client at once: to the load, an answer of which nothing was measured. */
export interface Given {
  is: 'answered'
  status: number
  headers: Headers
  pieces: readonly Piece[]
  /** Of a whole body that is known to be JSON, and that the client gets. */
  sum: BodySum | undefined
}

type ServedAnswer = Exclude<Served<KeptResponse>, { source: 'none' }>

/** A kept or a static answer. `readsHeaders`: as `Client` has it. */
export function givenSubstitute(
  served: ServedSubstitute<KeptResponse>,
  id: string,
  tookMs: Ms,
  method: string,
  readsHeaders: boolean,
): Given {
  const { substitute } = served
  // What is kept as JSON was measured when it was made.
  if (substitute.use === 'cached' && substitute.response.body instanceof WrittenJson && method !== 'HEAD' && !readsHeaders) {
    const { status, body } = substitute.response
    return { is: 'answered', status, headers: classifyingMarks(served), pieces: [body], sum: body }
  }
  const { status, headers, body } = substituteResponse(substitute)
  return { is: 'answered', status, headers: marked(byName(headers), served, id, tookMs), pieces: body ? [body] : [], sum: undefined }
}

/** In the gateway's own name. */
export function givenRefusal(refusal: Refusal, attempts: number, method: string, id: string, tookMs: Ms): Given {
  // Ids of errors are random in a live gateway; here two runs must be the same.
  const { status, headers, body } = refusalAnswer(refusal, id, attempts, () => id)
  const pieces = [Buffer.from(body)]
  return timed({ is: 'answered', status, headers: byName(headers), pieces, sum: method === 'HEAD' ? undefined : bodySum(pieces) }, tookMs)
}

/** All headers of an answer, as the client gets them. */
export function marked(headers: Headers, served: ServedAnswer, id: string, tookMs: Ms): Headers {
  const told: Headers = { ...headers }
  for (const name of gatewayOnly) if (name in told) delete told[name]
  told[REQUEST_ID] = id
  told[marks.attempts] = String(served.attempts)
  told[marks.responseTime] = responseTime(tookMs)
  return Object.assign(told, classifyingMarks(served))
}

/** With the mark that tells how long the gateway took. */
export function timed(given: Given, tookMs: Ms): Given {
  given.headers[marks.responseTime] = responseTime(tookMs)
  return given
}

/** Those of the gateway's marks by which a client classifies an answer: mostly the same object for the same marks. */
export function classifyingMarks({ source, outcome, reason }: ServedAnswer): Headers {
  // Most are good.
  if (source === 'upstream') return outcome === 'ok' ? byOutcome.ok : byOutcome[outcome]
  if (last.source !== source || last.outcome !== outcome || last.reason !== reason) {
    const told = { [marks.outcome]: outcome, [marks.fallback]: source, [marks.fallbackReason]: reason }
    last = { source, outcome, reason, told }
  }
  return last.told
}

// Answers in an upstream's place are mostly marked as the one before.
let last: Pick<ServedAnswer, 'outcome' | 'reason'> & { source: ServedAnswer['source'] | undefined; told: Headers } = {
  source: undefined,
  outcome: 'fallback',
  reason: 'none',
  told: {},
}

const byOutcome: Record<ServedAnswer['outcome'], Headers> = {
  ok: { [marks.outcome]: 'ok' },
  upstream_error: { [marks.outcome]: 'upstream_error' },
  fallback: { [marks.outcome]: 'fallback' },
}

function responseTime(tookMs: Ms): string {
  return `${tookMs.toFixed(1)}ms`
}

/** From the flat list of names and values that a response is written with. */
export function byName(flat: readonly string[]): Headers {
  const headers: Headers = {}
  for (let at = 0; at < flat.length; at += 2) headers[flat[at]!.toLowerCase()] = flat[at + 1]!
  return headers
}
