// What goes out for one request, byte for byte: the route's reply (or the fault's status), spoiled, dripped and cut as decided.
// Pure: the server puts it on a socket, the MSW handlers into a Response.
import type { IncomingHttpHeaders } from 'node:http'
import type { Ms } from '../kernel/clock.ts'
import { drawFor, type Random, seededRandom } from '../kernel/random.ts'
import { type Decision, type Decider, decider } from './decisions.ts'
import type { Reply, Upstream, UpstreamRequest } from './define.ts'
import { router } from './routing.ts'
import type { Treatment } from './treatment.ts'

export type Answer =
  | { is: 'silence' }
  /** The connection ends before any byte. */
  | { is: 'cut'; how: 'reset' | 'end' }
  | {
      is: 'sent'
      status: number
      headers: Record<string, string>
      /** What is really sent; less than `content-length` says when the body is cut. */
      pieces: Buffer[]
      intervalMs: Ms
      ending: 'complete' | 'reset' | 'end'
    }

/** An incoming request, read to its end. */
export interface Incoming {
  method: string
  /** Path and query, as in the request line. */
  target: string
  headers: IncomingHttpHeaders
  body: Buffer
}

export interface Answered {
  route: string | undefined
  request: string
  decision: Decision
  /** From arrival to the first byte, or to the cut. */
  delayMs: Ms
  answer: Answer
}

/** One fake upstream in operation: its faults, its memory, its answers. */
export interface Responder {
  faults: Pick<Decider, 'set' | 'clear' | 'clearAll' | 'faults'>
  respond: (incoming: Incoming) => Answered
}

export function responder(upstream: Upstream, seed: number): Responder {
  const decisions = decider(upstream, seed)
  const find = router(upstream)
  const replyFor = upstream.open()

  return {
    faults: decisions,
    respond(incoming) {
      const { method, headers } = incoming
      const [path, query] = split(incoming.target)
      const match = find(method, path)
      const request = String(headers['x-request-id'] ?? '')
      const decision = decisions.decide({ route: match?.route.name, method, request })
      const { treatment, ordinal } = decision
      const reply = (): Reply => {
        if (treatment.status) return failure(upstream, treatment.status.code, treatment.status.headers)
        if (!match) return failure(upstream, 404)
        return replyFor(
          match.route.name,
          seenBy(incoming, path, query, match.params, () => requestRandom(seed, upstream.name, ordinal)),
        )
      }
      const answer: Answer = treatment.hangs ? { is: 'silence' } : treat(reply(), treatment, method === 'HEAD')
      return { route: match?.route.name, request, decision, delayMs: decision.healthyMs + treatment.delayMs, answer }
    },
  }
}

function failure(upstream: Upstream, status: number, headers: Record<string, string> = {}): Reply {
  return { status, headers, body: upstream.errorBody(status) }
}

function seenBy(incoming: Incoming, path: string, query: string, params: Record<string, string>, random: () => Random): UpstreamRequest {
  const { method, headers, body } = incoming
  let chance: Random | undefined
  return {
    method,
    path,
    params,
    headers,
    body,
    get query() {
      return new URLSearchParams(query)
    },
    json: () => parsed(body),
    get random() {
      return (chance ??= random())
    },
  }
}

function requestRandom(seed: number, upstream: string, ordinal: number): Random {
  return seededRandom(Math.floor(drawFor(seed, `${upstream}/reply`, ordinal) * 2 ** 32))
}

/** Applies what belongs to the bytes of an answer. */
function treat(reply: Reply, treatment: Treatment, isHead: boolean): Answer {
  const { cut, drip, malformed } = treatment
  if (cut?.at === 'before_headers') return { is: 'cut', how: cut.how }

  const status = reply.status ?? 200
  const { type, pieces: whole } = rendered(reply, isHead || status === 204 || status === 304)
  const spoiled = malformed ? whole.map(spoil) : whole
  const size = spoiled.reduce((total, piece) => total + piece.length, 0)
  // A body without bytes cannot break off: the answer breaks off before it begins, or the fault would not be seen.
  if (cut && size === 0) return { is: 'cut', how: cut.how }

  const headers: Record<string, string> = { ...type, ...reply.headers, ...(!reply.stream && { 'content-length': String(size) }) }
  const pieces = drip ? slices(Buffer.concat(spoiled), drip.pieces) : spoiled
  const intervalMs = drip?.intervalMs ?? reply.stream?.intervalMs ?? 0
  if (!cut) return { is: 'sent', status, headers, pieces, intervalMs, ending: 'complete' }
  return {
    is: 'sent',
    status,
    headers,
    pieces: first(pieces, Math.min(Math.floor(size * cut.fraction), size - 1)),
    intervalMs,
    ending: cut.how,
  }
}

function rendered({ body, stream }: Reply, empty: boolean): { type: Record<string, string>; pieces: Buffer[] } {
  if (stream) return { type: {}, pieces: empty ? [] : stream.pieces.map((piece) => Buffer.from(piece)) }
  if (body === undefined || body === null) return { type: {}, pieces: [] }
  if (Buffer.isBuffer(body)) return { type: { 'content-type': 'application/octet-stream' }, pieces: empty ? [] : [body] }
  if (typeof body === 'string') return { type: { 'content-type': 'text/plain; charset=utf-8' }, pieces: empty ? [] : [Buffer.from(body)] }
  return { type: { 'content-type': 'application/json; charset=utf-8' }, pieces: empty ? [] : [Buffer.from(JSON.stringify(body))] }
}

// A NUL may stand nowhere in JSON, inside or outside a string, and 0xff nowhere in UTF-8. Events of a stream stay events.
const SPOILT = Buffer.from([0x00, 0xff])
const LF = 0x0a
const CR = 0x0d

function spoil(piece: Buffer): Buffer {
  let end = piece.length
  while (end > 0 && (piece[end - 1] === LF || piece[end - 1] === CR)) end--
  return Buffer.concat([piece.subarray(0, Math.ceil(end / 2)), SPOILT, piece.subarray(end)])
}

/** `count` slices as equal as can be; fewer where there are fewer bytes. */
function slices(bytes: Buffer, count: number): Buffer[] {
  const actual = Math.min(count, bytes.length)
  const at = (index: number): number => Math.floor((bytes.length * index) / actual)
  return Array.from({ length: actual }, (_, index) => bytes.subarray(at(index), at(index + 1)))
}

/** The first `size` bytes, in the same pieces. */
function first(pieces: Buffer[], size: number): Buffer[] {
  let left = size
  return pieces.flatMap((piece) => {
    const kept = piece.subarray(0, Math.max(0, left))
    left -= piece.length
    return kept.length > 0 ? [kept] : []
  })
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown
  } catch {
    return undefined
  }
}

function split(target: string): [path: string, query: string] {
  const at = target.indexOf('?')
  return at < 0 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)]
}
