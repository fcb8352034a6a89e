// The token by which the gateway's own services know it. It is put into what is sent to them and to nobody else, is never taken from a
// client, and is taken out of what they answer: a service that reflects what it was sent must not give it away.
import type { IncomingHttpHeaders } from 'node:http'
import type { FlatHeaders } from '../request/headers.ts'

export const INTERNAL_TOKEN = 'x-internal-token'

const COVER = '*'

export class InternalToken {
  readonly #token: string
  readonly #bytes: Buffer

  constructor(token: string) {
    this.#token = token
    this.#bytes = Buffer.from(token, 'latin1')
  }

  /** What is sent to a service of one's own: with the token, and asking for an answer that can be looked through. */
  given(headers: Readonly<FlatHeaders>): FlatHeaders {
    return [...without(headers, ['accept-encoding', INTERNAL_TOKEN]), 'accept-encoding', 'identity', INTERNAL_TOKEN, this.#token]
  }

  /** Headers or trailers of an answer, without those that hold the token. */
  hiddenIn(headers: Readonly<IncomingHttpHeaders>): IncomingHttpHeaders {
    const kept = Object.entries(headers).filter(([name, value]) => name !== INTERNAL_TOKEN && !String(value).includes(this.#token))
    return kept.length === Object.keys(headers).length ? headers : Object.fromEntries(kept)
  }

  /** Looks through one body. */
  cover(): TokenCover {
    return new TokenCover(this.#bytes)
  }
}

/** Covers the token in a body that comes in pieces, byte for byte: the length stays. */
export class TokenCover {
  readonly #token: Buffer
  /** The end of what has come, as far as the token may begin in it. */
  #held: Buffer = Buffer.alloc(0)

  constructor(token: Buffer) {
    this.#token = token
  }

  /** What can be handed on now; it may be empty. */
  pass(piece: Buffer): Buffer {
    const all = this.#held.length === 0 ? Buffer.from(piece) : Buffer.concat([this.#held, piece])
    for (let at = all.indexOf(this.#token); at >= 0; at = all.indexOf(this.#token, at + this.#token.length))
      all.fill(COVER, at, at + this.#token.length)
    const held = this.#beginningAtEndOf(all)
    this.#held = all.subarray(all.length - held)
    return all.subarray(0, all.length - held)
  }

  /** The rest, when nothing more comes. */
  end(): Buffer {
    const rest = this.#held
    this.#held = Buffer.alloc(0)
    return rest
  }

  /** How many bytes at the end of `bytes` are the token's first. */
  #beginningAtEndOf(bytes: Buffer): number {
    for (let length = Math.min(this.#token.length - 1, bytes.length); length > 0; length--)
      if (bytes.subarray(bytes.length - length).equals(this.#token.subarray(0, length))) return length
    return 0
  }
}

function without(headers: Readonly<FlatHeaders>, names: readonly string[]): FlatHeaders {
  const kept: FlatHeaders = []
  for (let at = 0; at < headers.length; at += 2) if (!names.includes(headers[at]!.toLowerCase())) kept.push(headers[at]!, headers[at + 1]!)
  return kept
}
