// Reads a request body whole, so that it can be sent again. Four things bound it: its size as sent, its size as decoded, the time in which
// it must arrive, and what all bodies together may take.
import type { IncomingMessage } from 'node:http'
import type { Clock, Ms } from '../../kernel/clock.ts'
import type { Deadlines, Expiring } from '../upstream/deadlines.ts'
import { acceptedCodings, codingsOf, exceedsWhenDecoded } from './content-codings.ts'
import type { Refusal } from './refusal.ts'

export type BodyRead =
  | { is: 'whole'; body: Buffer | undefined }
  /** `contentLength` when the client said so itself. */
  | { is: 'too_large'; contentLength: number | undefined }
  /** The bodies of all requests together take what they may. */
  | { is: 'no_room' }
  | { is: 'unsupported_coding' }
  /** It did not arrive in time. */
  | { is: 'too_slow' }
  /** The client went away in mid-body. */
  | { is: 'gone' }

/** What the client of a body that has not become whole is told. */
export const unread = {
  no_room: { reason: 'in_flight_cap', technical: 'the bodies of all requests take what they may' },
  too_slow: { reason: 'request_timeout', technical: 'the body did not arrive in time' },
  unsupported_coding: { reason: 'unsupported_coding', technical: `content codings that can be measured: ${acceptedCodings}` },
} satisfies Record<Exclude<BodyRead['is'], 'whole' | 'gone' | 'too_large'>, Refusal>

/** What all requests of a gateway may hold of bodies. */
export interface BodyRoom {
  bytes: number
  readonly limit: number
}

export interface BodyLimits {
  /** Of one body, as sent and as decoded. */
  maxBytes: number
  room: BodyRoom
  /** It arrives within this time, and a second more for every MIN_RATE bytes that have come. Silence lasts no longer than this. */
  timeout: Ms
  deadlines: Deadlines
  clock: Clock
}

// Bytes per second that a body must bring after its grace, as Apache's mod_reqtimeout has it.
const MIN_RATE = 500
const STEP: Ms = 250
// Chunks of a few bytes each would take a hundred times their size: they are joined.
const SMALL = 1024
const MANY_SMALL = 1024

/** What is needed of a request. */
export type ReadableRequest = Pick<IncomingMessage, 'headers' | 'on' | 'off'>

/** Calls `done` once; at once when there is no body, as in most requests. The caller gives `room` back what the body takes. */
export function readBody(request: ReadableRequest, limits: BodyLimits, done: (read: BodyRead) => void): void {
  const length = request.headers['content-length']
  if (request.headers['transfer-encoding'] === undefined && (length === undefined || length === '0')) {
    return done({ is: 'whole', body: undefined })
  }
  const contentLength = length === undefined ? undefined : Number(length)
  if (contentLength !== undefined && contentLength > limits.maxBytes) return done({ is: 'too_large', contentLength })
  const codings = codingsOf(request.headers['content-encoding'])
  if (!codings) return done({ is: 'unsupported_coding' })
  new BodyReader(request, limits, codings, done).start()
}

class BodyReader implements Expiring {
  deadline: Expiring['deadline']
  readonly #request: ReadableRequest
  readonly #limits: BodyLimits
  readonly #codings: readonly string[]
  readonly #done: (read: BodyRead) => void
  readonly #began: Ms
  #chunks: Buffer[] = []
  #small: Buffer[] = []
  #received = 0
  #heardAt: Ms
  #over = false

  constructor(request: ReadableRequest, limits: BodyLimits, codings: readonly string[], done: (read: BodyRead) => void) {
    this.#request = request
    this.#limits = limits
    this.#codings = codings
    this.#done = done
    this.#began = this.#heardAt = limits.clock.now()
  }

  start(): void {
    this.#limits.deadlines.set(this, this.#limits.timeout, this.#began)
    this.#request.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onClose)
  }

  expire(): void {
    const { timeout, clock } = this.#limits
    const bySize = this.#began + timeout + (this.#received / MIN_RATE) * 1000
    const left = Math.min(bySize, this.#heardAt + timeout) - clock.now()
    if (left <= 0) return this.#finish({ is: 'too_slow' })
    // In steps, so that few lists of deadlines serve all bodies.
    this.#limits.deadlines.set(this, Math.ceil(left / STEP) * STEP)
  }

  readonly #onData = (chunk: Buffer): void => {
    const { room, maxBytes } = this.#limits
    this.#received += chunk.length
    this.#heardAt = this.#limits.clock.now()
    if (this.#received > maxBytes) return this.#finish({ is: 'too_large', contentLength: undefined })
    if (room.bytes + chunk.length > room.limit) return this.#finish({ is: 'no_room' })
    room.bytes += chunk.length
    if (chunk.length >= SMALL) {
      this.#join()
      this.#chunks.push(chunk)
    } else if (this.#small.push(chunk) >= MANY_SMALL) this.#join()
  }

  readonly #onClose = (): void => this.#finish({ is: 'gone' })

  readonly #onEnd = (): void => {
    this.#join()
    this.#limits.deadlines.lift(this)
    this.#request.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose)
    const body = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks)
    this.#chunks = [body]
    if (this.#codings.length === 0) return this.#finish({ is: 'whole', body })
    exceedsWhenDecoded(body, this.#codings, this.#limits.maxBytes, (exceeds) => {
      this.#finish(exceeds ? { is: 'too_large', contentLength: undefined } : { is: 'whole', body })
    })
  }

  #join(): void {
    if (this.#small.length === 0) return
    this.#chunks.push(this.#small.length === 1 ? this.#small[0]! : Buffer.concat(this.#small))
    this.#small = []
  }

  #finish(read: BodyRead): void {
    if (this.#over) return
    this.#over = true
    this.#limits.deadlines.lift(this)
    this.#request.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose)
    if (read.is !== 'whole') {
      // What was kept of it is dropped here; the caller is handed nothing to give back.
      for (const chunk of [...this.#chunks, ...this.#small]) this.#limits.room.bytes -= chunk.length
      this.#chunks = this.#small = []
    }
    this.#done(read)
  }
}
