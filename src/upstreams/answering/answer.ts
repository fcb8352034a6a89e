// What goes out for one request, byte for byte: a reply, altered, dripped and cut as planned.
// Pure: the server puts it on a socket, the MSW handlers put it into a Response.
import { validateHeaderName, validateHeaderValue } from 'node:http'
import type { Ms } from '../../kernel/clock.ts'
import type { Reply } from '../define.ts'
import { bytesIn, joined, type Piece } from '../../contract/piece.ts'
import { WrittenJson, writtenJson } from '../written-json.ts'
import { type AnswerPlan, type Cut, HEALTHY } from '../../faults/answer-plan.ts'

export type Answer =
  | { is: 'silence' }
  /** The connection ends before any byte. */
  | { is: 'cut'; how: 'reset' | 'end' }
  | {
      is: 'sent'
      status: number
      headers: Readonly<Record<string, string>>
      /** What is really sent. When the body is cut, this is less than `content-length` says. */
      pieces: Piece[]
      intervalMs: Ms
      /** `hold`: nothing more comes, and the connection stays open. */
      ending: 'complete' | 'reset' | 'end' | 'hold'
      /** False when a fault has spoiled or cut the body. */
      whole: boolean
      /** The body, where it is whole JSON and the headers say so. */
      json?: WrittenJson | undefined
      /** The connection ends after this answer, once it has carried so many. */
      closesAfter?: number
    }

// What these answers mean leaves no room for a body (RFC 9110 §15.3.5, §15.3.6, §15.4.5).
const isBodiless = (status: number): boolean => status === 204 || status === 205 || status === 304

/**
 * The bytes of `reply` under `plan`; `isHead`: the headers of GET, its length included, and no body (RFC 9110 §8.6).
 * @throws when the reply cannot be sent: a status or a header that HTTP does not know, a body that is no JSON
 */
export function answerWith(reply: Reply, plan: AnswerPlan, isHead: boolean): Answer {
  const { cut, drip, alter } = plan
  if (cut?.at === 'before_headers') return nothingOf(cut)

  const status = statusOf(reply)
  const json = isBodiless(status) ? undefined : jsonOf(reply)
  // As most answer.
  if (json && reply.headers === undefined && !isHead && !isAltered(plan))
    return { is: 'sent', status, headers: headersOfJson(json.length), intervalMs: 0, pieces: [json], ending: 'complete', whole: true, json }
  const rendering = isBodiless(status) ? NOTHING : json ? { type: JSON_TEXT, pieces: [json] } : rendered(reply)
  const { type } = rendering
  const whole = altered(rendering.pieces, alter)
  const sent = isHead ? [] : whole
  const size = sizeOf(sent)
  // A body without bytes cannot break off. The answer breaks off before it begins, or the fault would not be seen.
  if (cut && size === 0) return nothingOf(cut)

  const headers = headersOf(type, reply)
  if (status === 204 || status === 304) delete headers['content-length']
  else if (!reply.stream || status === 205) headers['content-length'] = String(sizeOf(whole))
  const pieces = drip ? slices(joined(sent), drip.pieces) : sent
  const intervalMs = drip?.intervalMs ?? reply.stream?.intervalMs ?? 0
  const answer: Sent = { is: 'sent', status, headers, intervalMs, pieces, ending: 'complete', whole: true, json: undefined }
  if (plan.closesAfter !== undefined) answer.closesAfter = plan.closesAfter
  if (!cut) {
    answer.whole = alter.length === 0 && plan.errorInside === undefined
    const isType = headers['content-type'] === type['content-type'] && headers['content-encoding'] === undefined
    if (answer.whole && isType && !isHead) answer.json = json
    return answer
  }
  const kept = keptOf(sent, size, cut)
  // An answer that pretends to be complete has the length that it says.
  if (cut.how === 'complete' && headers['content-length'] !== undefined) headers['content-length'] = String(kept)
  return { ...answer, pieces: first(pieces, kept), ending: cut.how, whole: false }
}

type Sent = Extract<Answer, { is: 'sent' }>

function altered(pieces: Piece[], changes: AnswerPlan['alter']): Piece[] {
  if (changes.length === 0) return pieces
  // Some alter a piece in its place, and one that is written already is everybody's.
  return pieces.map((piece) => changes.reduce<Buffer>((changed, change) => change(changed), Buffer.from(bytesIn(piece))))
}

/** Whether an answer has other bytes than the reply, sends them otherwise, or not at all. */
export function isAltered(plan: AnswerPlan): boolean {
  if (plan === HEALTHY) return false
  const { hangs, alter, cut, drip, errorInside, closesAfter } = plan
  return hangs || alter.length > 0 || (cut ?? drip ?? errorInside ?? closesAfter) !== undefined
}

/** An answer that breaks off before its first byte. */
function nothingOf({ how }: Cut): Answer {
  return how === 'hold' ? { is: 'silence' } : { is: 'cut', how: how === 'reset' ? 'reset' : 'end' }
}

/** How many bytes go out before the cut: fewer than there are. Between pieces, at least one piece of several. */
function keptOf(pieces: readonly Piece[], size: number, { at, fraction }: Cut): number {
  if (at === 'between_pieces' && pieces.length > 1) return sizeOf(pieces.slice(0, piecesKept(pieces.length, fraction)))
  return Math.min(Math.floor(size * fraction), size - 1)
}

/** `fraction` of `count` pieces: at least one, and not all. */
export function piecesKept(count: number, fraction: number): number {
  return Math.max(1, Math.min(Math.floor(count * fraction), count - 1))
}

// How an answer is framed is the server's affair, and follows from its body.
const framing = new Set(['transfer-encoding', 'trailer', 'connection', 'keep-alive', 'upgrade'])

/** Routes are the user's own code: what they reply is looked at before a socket sees it, where a throw would end the process. */
function statusOf(reply: Reply | undefined): number {
  if (typeof reply !== 'object' || reply === null || reply instanceof Promise)
    throw new TypeError(
      `a route must reply with an object such as { body: … }, not with ${reply instanceof Promise ? 'a promise' : typeof reply}`,
    )
  const { status = 200 } = reply
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw new RangeError(`a status is a whole number from 200 to 599, not ${status}`)
  return status
}

/** What the reply says, after what follows from its body. */
function headersOf(type: Rendered['type'], { headers }: Reply): Record<string, string> {
  if (headers === undefined) return { ...type }
  const own = Object.entries(headers).flatMap(([name, value]) => {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    return framing.has(name.toLowerCase()) ? [] : [[name.toLowerCase(), value] as const]
  })
  return { ...type, ...Object.fromEntries(own) }
}

// Services say much the same again and again. Each has a place by its length, and leaves it to the next of that place.
const shared: ({ length: number; headers: Readonly<Record<string, string>> } | undefined)[] = Array.from({ length: 1024 })

/** Of a reply that says none itself. Many answers share them. */
function headersOfJson(length: number): Readonly<Record<string, string>> {
  const place = length % shared.length
  const known = shared[place]
  if (known?.length === length) return known.headers
  const headers = { ...JSON_TEXT, 'content-length': String(length) }
  shared[place] = { length, headers }
  return headers
}

function sizeOf(pieces: readonly Piece[]): number {
  return pieces.reduce((total, piece) => total + piece.length, 0)
}

interface Rendered {
  type: { 'content-type'?: string }
  pieces: Piece[]
}

const NOTHING: Rendered = { type: {}, pieces: [] }
const BYTES = { 'content-type': 'application/octet-stream' }
const TEXT = { 'content-type': 'text/plain; charset=utf-8' }
const JSON_TEXT = { 'content-type': 'application/json; charset=utf-8' }

/** The body that goes out as JSON. */
function jsonOf({ body, stream }: Reply): WrittenJson | undefined {
  if (stream || body === undefined || body === null) return undefined
  if (body instanceof WrittenJson) return body
  return typeof body === 'string' || body instanceof Uint8Array ? undefined : writtenJson(body)
}

/** Of a reply that is no JSON. */
function rendered({ body, stream }: Reply): Rendered {
  if (stream) return { type: {}, pieces: stream.pieces.map((piece) => Buffer.from(piece)) }
  if (body instanceof Uint8Array) return { type: BYTES, pieces: [Buffer.from(body)] }
  return typeof body === 'string' ? { type: TEXT, pieces: [Buffer.from(body)] } : NOTHING
}

/** `count` slices of nearly equal size; fewer when there are fewer bytes. */
function slices(bytes: Buffer, count: number): Buffer[] {
  const actual = Math.min(count, bytes.length)
  const at = (index: number): number => Math.floor((bytes.length * index) / actual)
  return Array.from({ length: actual }, (_, index) => bytes.subarray(at(index), at(index + 1)))
}

/** The first `size` bytes, in the same pieces. */
function first(pieces: readonly Piece[], size: number): Buffer[] {
  let left = size
  return pieces.flatMap((piece) => {
    const kept = bytesIn(piece).subarray(0, Math.max(0, left))
    left -= piece.length
    return kept.length > 0 ? [kept] : []
  })
}
