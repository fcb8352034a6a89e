// One client's connection: how many of its requests are worked on at once, and what becomes of them when it ends. HTTP/1.1 lets a client
// send requests without waiting for answers; the answers leave in the order of the requests.
//
//   socket ─▶ parser ─▶ waiting (in order) ─▶ at work, a few at once ─▶ answers, in order
import type { Socket } from 'node:net'

/** A request of the connection. */
export interface Piece {
  /** Its turn has come. */
  begin(): void
  /** The connection has closed. */
  gone(): void
  /** Whether its body was still arriving when the parser failed; it then answers for the failure. */
  parserFailed(failure: ParserFailure): boolean
}

/** Answers for bytes that are no request. */
export type ParserFailure = () => void

const AT_WORK = 8
// The parser is handed 64 KB at a time, so that more may wait than this.
const MANY_WAITING = 32

const connections = new WeakMap<Socket, ClientConnection>()

/** The connection that `socket` is. */
export function connectionOf(socket: Socket): ClientConnection {
  let connection = connections.get(socket)
  if (!connection) connections.set(socket, (connection = new ClientConnection(socket)))
  return connection
}

export class ClientConnection {
  readonly #socket: Socket
  // Mostly one or none: lists cost less than sets.
  readonly #open: Piece[] = []
  readonly #waiting: Piece[] = []
  readonly #atWork: Piece[] = []
  #failure: ParserFailure | undefined
  #failed = false

  constructor(socket: Socket) {
    this.#socket = socket
    socket.once('close', () => {
      this.#waiting.length = 0
      for (const piece of this.#open.splice(0)) piece.gone()
    })
  }

  /** It is told when the connection closes, and needs no turn. */
  note(piece: Piece): void {
    this.#open.push(piece)
  }

  /** Begins what was noted, now or when fewer are at work. */
  enter(piece: Piece): void {
    if (this.#atWork.length < AT_WORK) {
      this.#atWork.push(piece)
      piece.begin()
    } else if (this.#waiting.push(piece) >= MANY_WAITING) this.#socket.pause()
  }

  /** Its answer has left, or nobody waits for it any more. */
  leave(piece: Piece): void {
    if (!taken(this.#open, piece)) return
    const next = taken(this.#atWork, piece) ? this.#waiting.shift() : undefined
    if (next) {
      this.#atWork.push(next)
      if (this.#waiting.length === MANY_WAITING - 1) this.#socket.resume()
      next.begin()
    }
    if (this.#failure && this.#open.length === 0) this.#failure()
  }

  /** The parser has met bytes that are no request: what came before them is answered first. */
  fail(failure: ParserFailure): void {
    if (this.#failed) return
    if (this.#open.at(-1)?.parserFailed(failure)) this.#failed = true
    else this.endWith(failure)
  }

  /** Nothing more is read. `last` is written once what came before is answered. */
  endWith(last: ParserFailure): void {
    if (this.#failed) return
    this.#failed = true
    if (this.#open.length === 0) last()
    else this.#failure = last
  }
}

/** Whether `piece` was in `list`; it is no more. */
function taken(list: Piece[], piece: Piece): boolean {
  const at = list.indexOf(piece)
  if (at < 0) return false
  // Nearly always there is one, and a splice makes a list of what it takes out.
  if (at === list.length - 1) list.pop()
  else list.splice(at, 1)
  return true
}
