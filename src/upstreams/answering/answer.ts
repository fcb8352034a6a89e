// What goes out for one request, byte for byte: a reply, altered, dripped and cut as planned.
// Pure: the server puts it on a socket, the MSW handlers put it into a Response.
import type { Ms } from '../../kernel/clock.ts'
import type { Reply } from '../define.ts'
import type { AnswerPlan } from '../../faults/answer-plan.ts'

export type Answer =
  | { is: 'silence' }
  /** The connection ends before any byte. */
  | { is: 'cut'; how: 'reset' | 'end' }
  | {
      is: 'sent'
      status: number
      headers: Record<string, string>
      /** What is really sent. When the body is cut, this is less than `content-length` says. */
      pieces: Buffer[]
      intervalMs: Ms
      ending: 'complete' | 'reset' | 'end'
      /** False when a fault has spoiled or cut the body. */
      whole: boolean
    }

/** The bytes of `reply` under `plan`; `isHead`: headers alone. Header names are lower case. */
export function answerWith(reply: Reply, plan: AnswerPlan, isHead: boolean): Answer {
  const { cut, drip, alter } = plan
  if (cut?.at === 'before_headers') return { is: 'cut', how: cut.how }

  const status = reply.status ?? 200
  const { type, pieces: whole } = rendered(reply, isHead || status === 204 || status === 304)
  const sent = whole.map((piece) => alter.reduce((altered, change) => change(altered), piece))
  const size = sent.reduce((total, piece) => total + piece.length, 0)
  // A body without bytes cannot break off. The answer breaks off before it begins, or the fault would not be seen.
  if (cut && size === 0) return { is: 'cut', how: cut.how }

  const headers: Record<string, string> = { ...type, ...reply.headers, ...(!reply.stream && { 'content-length': String(size) }) }
  const pieces = drip ? slices(Buffer.concat(sent), drip.pieces) : sent
  const intervalMs = drip?.intervalMs ?? reply.stream?.intervalMs ?? 0
  if (!cut) return { is: 'sent', status, headers, pieces, intervalMs, ending: 'complete', whole: alter.length === 0 }
  return {
    is: 'sent',
    status,
    headers,
    pieces: first(pieces, Math.min(Math.floor(size * cut.fraction), size - 1)),
    intervalMs,
    ending: cut.how,
    whole: false,
  }
}

function rendered({ body, stream }: Reply, empty: boolean): { type: Record<string, string>; pieces: Buffer[] } {
  if (stream) return { type: {}, pieces: empty ? [] : stream.pieces.map((piece) => Buffer.from(piece)) }
  if (body === undefined || body === null) return { type: {}, pieces: [] }
  if (Buffer.isBuffer(body)) return { type: { 'content-type': 'application/octet-stream' }, pieces: empty ? [] : [body] }
  if (typeof body === 'string') return { type: { 'content-type': 'text/plain; charset=utf-8' }, pieces: empty ? [] : [Buffer.from(body)] }
  return { type: { 'content-type': 'application/json; charset=utf-8' }, pieces: empty ? [] : [Buffer.from(JSON.stringify(body))] }
}

/** `count` slices of nearly equal size; fewer when there are fewer bytes. */
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
