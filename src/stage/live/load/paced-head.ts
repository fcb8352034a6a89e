// A request head that a client sends slowly, as slow loris does: in pieces, evenly over a span. The gateway has no request until it is whole.
//
//   undici ── head ──▶ held ── a piece, a pause, a piece … ──▶ socket
//          ── body ──▶ held until the head is out ───────────▶ socket
import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'
import type { Cancel, Clock, Ms } from '../../../kernel/clock.ts'

const MOST_PIECES = 50

/** Connects as `connect` does. Each connection is for one request: what is written first on it is that request's head. */
export function pacedHead(connect: buildConnector.connector, overMs: Ms, clock: Clock): buildConnector.connector {
  return (options, done) =>
    connect(options, (...[error, socket]) => {
      if (error) return done(error, null)
      dripFirst(socket, overMs, clock)
      done(null, socket)
    })
}

/** The first piece goes at once, the last when the span is over. A connection that closes ends it. */
function dripFirst(socket: Socket, overMs: Ms, clock: Clock): void {
  const write = socket.write.bind(socket)
  const held: Buffer[] = []
  let isFirst = true
  let isOut = false
  let cancel: Cancel = () => {}
  const drip = (head: Buffer): void => {
    const pieces = Math.max(1, Math.min(head.length, MOST_PIECES))
    const edge = (piece: number): number => Math.floor((head.length * piece) / pieces)
    let sent = 0
    const next = (): void => {
      write(head.subarray(edge(sent), edge(sent + 1)))
      sent++
      if (sent < pieces) cancel = clock.after(overMs / (pieces - 1), next)
      else release()
    }
    next()
  }
  const release = (): void => {
    isOut = true
    for (const piece of held.splice(0)) write(piece)
  }
  socket.once('close', () => cancel())
  const slow = (chunk: string | Uint8Array, encoding?: BufferEncoding): boolean => {
    const piece = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk)
    if (isFirst) {
      isFirst = false
      // undici corks a head and its body, and uncorks in the same turn: what is written while corked would leave together with what follows.
      queueMicrotask(() => drip(piece))
    } else if (isOut) return write(piece)
    else held.push(piece)
    return true
  }
  // undici writes texts with their encoding, and bytes; it never asks to be called back.
  socket.write = slow as Socket['write']
}
