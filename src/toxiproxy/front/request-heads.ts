// Finds the request heads in what an HTTP/1.x client sends on one connection (RFC 9112). It follows the framing of messages, so that
// a body is never taken for a head. It keeps no more than one unfinished line.
//
//   request line ──▶ fields ──▶ empty line: a head ──▶ body ──▶ request line ──▶ …
//                                                       ├ content-length: so many bytes
//                                                       └ chunked: size line ──▶ bytes ──▶ … ──▶ trailers
//
// What is not HTTP/1.x ends the reading: the stream is opaque from there on. An upgrade needs no rule of its own. A refused one (`h2c`
// often is) is followed by the next request, and an accepted one by bytes that are no request line.
import { IDEMPOTENCY_KEY, REQUEST_ID } from '../../contract/headers.ts'

export interface RequestHead {
  method: string
  /** The target's path, without the query. */
  path: string
  /** The request id; empty when there is none. */
  request: string
  /** The idempotency key; empty when there is none. */
  key: string
}

type State =
  | { is: 'request line' }
  | { is: 'fields'; head: RequestHead; version: string; lengths: Set<string>; codings: string[] }
  | { is: 'body'; left: number }
  | { is: 'chunk size' }
  | { is: 'chunk'; left: number }
  | { is: 'chunk end' }
  | { is: 'trailers' }
  | { is: 'opaque' }

/** The most that a head, a chunk's size line or a chunked body's trailers may take. Node's servers accept 16 KiB, Envoy 60 KiB. */
const MAX_HEAD_BYTES = 64 * 1024
const MAX_TEXT_LENGTH = 1024

const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) (\S+) HTTP\/(1\.[01])$/
// A method, or the CR of an empty line.
const METHOD_BEGUN = /^(?:\r$|[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}(?: |$))/
const LENGTH = /^\d{1,15}$/
const CHUNK_SIZE = /^[0-9A-Fa-f]{1,12}[ \t]*(?:;|$)/

const LF = 10

export class RequestHeads {
  readonly #found: (head: RequestHead) => void
  readonly #line = new UnfinishedLine()
  #state: State = { is: 'request line' }
  #budget = MAX_HEAD_BYTES

  /** `found` is called for each head as soon as it is whole, in order. */
  constructor(found: (head: RequestHead) => void) {
    this.#found = found
  }

  /** Whether anything was sent that is not HTTP/1.x, an unfinished request line included. */
  get opaque(): boolean {
    return this.#state.is === 'opaque' || (this.#state.is === 'request line' && this.#line.length > 0)
  }

  /** Takes the next piece of the stream. Its memory is not kept. */
  read(data: Buffer): void {
    let at = 0
    while (at < data.length && this.#state.is !== 'opaque') {
      const state = this.#state
      at = state.is === 'body' || state.is === 'chunk' ? this.#skip(state, data, at) : this.#readLine(data, at)
    }
  }

  #skip(state: { is: 'body' | 'chunk'; left: number }, data: Buffer, at: number): number {
    const bytes = Math.min(state.left, data.length - at)
    state.left -= bytes
    if (state.left === 0) this.#become(state.is === 'body' ? 'request line' : 'chunk end')
    return at + bytes
  }

  #readLine(data: Buffer, at: number): number {
    const end = data.indexOf(LF, at)
    const rest = end < 0 ? data.length : end
    this.#budget -= rest - at
    if (this.#budget < 0) this.#become('opaque')
    else if (end >= 0) this.#take(this.#line.finish(data, at, end))
    else {
      this.#line.add(data, at)
      // Bytes of a TLS handshake are recognized before there is a line's end among them.
      if (this.#state.is === 'request line' && !METHOD_BEGUN.test(this.#line.start(33))) this.#become('opaque')
    }
    return rest + 1
  }

  #take(line: string): void {
    const state = this.#state
    if (state.is === 'fields') {
      if (line === '') this.#finishHead(state)
      else if (!readField(line, state)) this.#become('opaque')
    } else if (state.is === 'request line') {
      // A server ignores empty lines in front of a request (RFC 9112 §2.2).
      if (line === '') return this.#become('request line')
      const [, method, target, version] = REQUEST_LINE.exec(line) ?? []
      if (method === undefined || target === undefined || version === undefined) return this.#become('opaque')
      const head = { method, path: pathOf(target), request: '', key: '' }
      this.#state = { is: 'fields', head, version, lengths: new Set(), codings: [] }
    } else if (state.is === 'chunk size') {
      const left = CHUNK_SIZE.test(line) ? Number.parseInt(line, 16) : Number.NaN
      if (left > 0) this.#state = { is: 'chunk', left }
      else this.#become(left === 0 ? 'trailers' : 'opaque')
    } else if (state.is === 'chunk end') this.#become(line === '' ? 'chunk size' : 'opaque')
    else if (line === '') this.#become('request line')
  }

  /** Tells the head, and decides where its body ends (RFC 9112 §6.3). */
  #finishHead({ head, version, lengths, codings }: State & { is: 'fields' }): void {
    this.#found(head)
    const [length = '0', another] = lengths
    const isChunked = codings.at(-1) === 'chunked' && version === '1.1'
    if (head.method === 'CONNECT') this.#become('opaque')
    else if (codings.length > 0) this.#become(isChunked ? 'chunk size' : 'opaque')
    else if (another !== undefined || !LENGTH.test(length)) this.#become('opaque')
    else if (Number(length) > 0) this.#state = { is: 'body', left: Number(length) }
    else this.#become('request line')
  }

  #become(is: Exclude<State['is'], 'fields' | 'body' | 'chunk'>): void {
    this.#state = { is }
    this.#budget = MAX_HEAD_BYTES
    if (is === 'opaque') this.#line.forget()
  }
}

/** The start of a line whose end has not come. Its memory doubles as it grows: a client may send byte by byte. */
class UnfinishedLine {
  #memory: Buffer | undefined
  length = 0

  add(data: Buffer, from: number): void {
    const needed = this.length + data.length - from
    if (!this.#memory || this.#memory.length < needed) {
      const grown = Buffer.allocUnsafe(Math.max(256, 2 * needed))
      this.#memory?.copy(grown, 0, 0, this.length)
      this.#memory = grown
    }
    data.copy(this.#memory, this.length, from)
    this.length = needed
  }

  /** The first characters. */
  start(characters: number): string {
    return this.#memory?.toString('latin1', 0, Math.min(characters, this.length)) ?? ''
  }

  /** The whole line, whose last part is `data` from `from` to `end`, without its CR. */
  finish(data: Buffer, from: number, end: number): string {
    const line = this.length === 0 ? data.toString('latin1', from, end) : this.start(this.length) + data.toString('latin1', from, end)
    this.forget()
    return line.endsWith('\r') ? line.slice(0, -1) : line
  }

  forget(): void {
    this.length = 0
    this.#memory = undefined
  }
}

/** Takes over what matters of a field. False for a line that is none. */
function readField(line: string, { head, lengths, codings }: State & { is: 'fields' }): boolean {
  // A folded line continues the value of the field before it (RFC 9112 §5.2).
  if (line.startsWith(' ') || line.startsWith('\t')) return true
  const colon = line.indexOf(':')
  if (colon <= 0) return false
  const value = line.slice(colon + 1).trim()
  switch (line.slice(0, colon).toLowerCase()) {
    case 'content-length':
      for (const one of value.split(',')) lengths.add(one.trim())
      break
    case 'transfer-encoding':
      codings.push(...value.split(',').map((coding) => coding.trim().toLowerCase()))
      break
    case REQUEST_ID:
      head.request = joined(head.request, value)
      break
    case IDEMPOTENCY_KEY:
      head.key = joined(head.key, value)
      break
    default:
  }
  return true
}

/** Repeated fields, as Node's servers join them. */
function joined(before: string, value: string): string {
  return (before === '' ? value : `${before}, ${value}`).slice(0, MAX_TEXT_LENGTH)
}

/** `/a?b` and `http://host/a?b` are `/a`. */
function pathOf(target: string): string {
  const path = target.replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*/, '').split(/[?#]/, 1)[0] ?? ''
  return (path === '' ? '/' : path).slice(0, MAX_TEXT_LENGTH)
}
