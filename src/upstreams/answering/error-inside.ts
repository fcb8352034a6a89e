// A reply that begins well and tells an error in place of its rest: the head, with its 200, has gone out by then.
//
//   data: {"candidates": …}     kept
//   data: {"error": {…}}        told
import type { Reply } from '../define.ts'
import { piecesKept } from './answer.ts'

/** `error`: the upstream's own error body. A reply that is no stream is that body alone. */
export function withErrorInside(reply: Reply, error: unknown, fraction: number): Reply {
  const { stream, headers = {} } = reply
  if (!stream) return { headers, body: error }
  const { pieces, intervalMs } = stream
  const told = toldIn(Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '', error)
  return { ...reply, stream: { pieces: [...pieces.slice(0, piecesKept(pieces.length, fraction)), told], intervalMs } }
}

/** As one more event, named `error` where the body does not call itself one; in a stream of another form, as a line. */
function toldIn(contentType: string, error: unknown): string {
  const text = JSON.stringify(error ?? null)
  if (!contentType.startsWith('text/event-stream')) return `${text}\n`
  const callsItselfOne = typeof error === 'object' && error !== null && 'error' in error
  return `${callsItselfOne ? '' : 'event: error\n'}data: ${text}\n\n`
}
