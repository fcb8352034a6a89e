// One attempt on the wire. Its answer is held back until it is whole, or too large to be held:
//
//   waiting ─head─▶ holding ─end───────────────────────────▶ over      outcome: a complete response
//                      │
//                      └─ over the commit limit, or a stream ─▶ offered     outcome: a response that still arrives
//                                                                 ├─ stream() ──▶ streaming ─▶ over
//                                                                 └─ giveUp() ─▶ discarding ─▶ over
//
// An attempt that is cut short while waiting or holding has failed and may be repeated: the client has seen nothing of it. One that is
// cut short while streaming is never repeated. The client's connection is then destroyed, so that the body does not look whole.
//
// There is no AbortSignal: undici's own controller destroys the socket, and Deadlines keeps the time.
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'
import type { Clock, Ms } from '../../kernel/clock.ts'
import type { AttemptListener, OpenAttempt } from '../../policies/drive.ts'
import type { AttemptEffect, AttemptOutcome } from '../../policies/effects.ts'
import { joined, responseTrailers } from '../request/headers.ts'
import type { Deadlines, Expiring } from './deadlines.ts'
import { type Guarded, GuardedHandler } from './guarded-handler.ts'
import { saysStream } from './stream-kind.ts'

export interface TransferSettings {
  clock: Clock
  deadlines: Deadlines
  commitBytes: number
  streamIdle: Ms
}

/** Where transfers go: connections, and what all of them share. */
export interface TransferTarget {
  readonly pool: Dispatcher
  readonly transfers: TransferSettings
}

/** What an attempt tells beside its outcome. */
export interface Witness {
  /** An interim response has come, such as 103. */
  interim(status: number, headers: IncomingHttpHeaders): void
  /** Something that should never be thrown was, while this attempt was under way. The attempt is over. */
  defect(error: unknown): void
}

// What keeps this process from opening a connection, whatever its upstream does; and what undici refuses to send.
const OURS = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM', 'UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED'])

// To cut off a longer response is cheaper than to read it to its end.
const MAX_DRAINED_BYTES = 1024 * 1024

const NONE: IncomingHttpHeaders = {}

const aborted = new Error('attempt given up')

export class Transfer implements OpenAttempt, Guarded, Expiring {
  deadline: Expiring['deadline']
  readonly effect: AttemptEffect
  /** 0 until the head has arrived. */
  status = 0
  headers: Readonly<IncomingHttpHeaders> = NONE
  /** What came after the body, once that is whole. */
  trailers: Readonly<IncomingHttpHeaders> = NONE
  /** The body has arrived to its end and can be taken with `body()`. */
  isWhole = false
  /** Its head is its proof of life, and its body may last for ever. */
  isStream: boolean
  /** How the body broke off while it was being handed on; not set when the client was the one to leave. */
  cut: 'broken' | 'timeout' | undefined
  readonly #settings: TransferSettings
  readonly #dispatcher: Dispatcher
  readonly #options: Dispatcher.DispatchOptions
  readonly #listener: AttemptListener<Transfer>
  readonly #witness: Witness
  #phase: 'waiting' | 'holding' | 'offered' | 'streaming' | 'discarding' | 'over' = 'waiting'
  #controller: Dispatcher.DispatchController | undefined
  #chunks: Buffer[] = []
  #bytes = 0
  #client: ServerResponse | undefined
  #finalDeadline: Ms = Infinity
  #idle: Ms = Infinity
  /** The client has kept this response from arriving, now or ever. */
  #stalled: 'never' | 'before' | 'now' = 'never'

  /** `isStream`: whatever the answer says of itself. */
  constructor(
    effect: AttemptEffect,
    target: TransferTarget,
    options: Dispatcher.DispatchOptions,
    listener: AttemptListener<Transfer>,
    witness: Witness,
    isStream: boolean,
  ) {
    this.effect = effect
    this.#settings = target.transfers
    this.#dispatcher = target.pool
    this.#options = options
    this.#listener = listener
    this.isStream = isStream
    this.#witness = witness
  }

  start(): void {
    const { timeoutMs, startedAt } = this.effect
    this.#settings.deadlines.set(this, timeoutMs, startedAt)
    this.#dispatcher.dispatch(this.#options, new GuardedHandler(this))
  }

  /** The body of a response that `isWhole`. */
  body(): Buffer | undefined {
    return this.#chunks.length > 1 ? Buffer.concat(this.#chunks, this.#bytes) : this.#chunks[0]
  }

  /** Hands the body on as it arrives. The head has been written. `deadline`: when the call's total time is over. */
  stream(client: ServerResponse, deadline: Ms): void {
    this.#phase = 'streaming'
    this.#client = client
    this.#finalDeadline = this.isStream ? Infinity : deadline
    this.#idle = this.isStream ? this.#settings.streamIdle : this.effect.timeoutMs
    client.on('drain', () => {
      if (this.#phase !== 'streaming') return
      if (this.#stalled === 'now') this.#stalled = 'before'
      this.#keepTime()
      this.#controller!.resume()
    })
    let more = true
    for (const chunk of this.#chunks) more = client.write(chunk)
    // The client of a stream waits for its head.
    if (this.#chunks.length === 0) client.flushHeaders()
    this.#chunks = []
    this.#flow(more)
    if (more) this.#resumeSoon()
  }

  /** A response that is arriving is read to its end, so that its connection can serve again. An attempt without one is cut off. */
  giveUp(): void {
    if (this.#phase === 'waiting' || this.#phase === 'holding') this.abort()
    if (this.#phase !== 'offered') return
    this.#phase = 'discarding'
    this.#chunks = []
    this.#resumeSoon()
  }

  /** Its socket is destroyed before this returns. `end`: how a body under way has ended. */
  abort(end: 'aborted' | 'timeout' | 'broken' = 'aborted'): void {
    if (this.#phase === 'over') return
    const begun = this.#phase !== 'waiting' && this.#phase !== 'holding'
    // What is thrown away breaks off for our own reasons.
    const how = this.#phase === 'discarding' ? 'aborted' : end
    this.#over()
    // A request that undici has not begun is dropped in onRequestStart.
    this.#controller?.abort(aborted)
    this.effect.release()
    if (begun) this.effect.bodyEnded(how)
  }

  /** The client did not read on: the upstream had no way to send. */
  get #heldUpByClient(): boolean {
    if (this.#phase !== 'streaming' || this.#stalled === 'never') return false
    return this.#stalled === 'now' || this.#settings.clock.now() >= this.#finalDeadline
  }

  /** Of an answer that cannot be handled, the call hears as of a broken one. Once it has heard the outcome, the request is over. */
  defect(error: unknown): void {
    try {
      if (this.#phase === 'waiting' || this.#phase === 'holding') return this.#cannotRead()
    } catch {
      // The outcome cannot be handled either.
    }
    this.abort()
    this.#witness.defect(error)
  }

  expire(): void {
    if (this.#heldUpByClient) {
      this.abort()
      this.#client!.destroy()
    } else if (this.#phase === 'waiting' || this.#phase === 'holding') {
      this.abort('timeout')
      this.#listener.settled(this, { is: 'timeout', attempt: this.effect.number })
    } else {
      this.abort('timeout')
      this.#cutOff('timeout')
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Given up while it waited for a connection. After a throw here, the connection serves the next request.
    if (this.#phase === 'over') throw aborted
    this.#controller = controller
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (this.#phase !== 'waiting') return
    if (status < 200) return this.#witness.interim(status, headers)
    const encoding = headers['transfer-encoding']
    // The body would be handed on in a coding that its new head does not name.
    if (encoding !== undefined && joined(encoding)!.toLowerCase() !== 'chunked') return this.#cannotRead()
    this.status = status
    this.headers = headers
    this.#phase = 'holding'
    this.isStream ||= saysStream(headers)
    if (this.isStream) this.#offer()
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length
    if (this.#phase === 'holding') {
      this.#chunks.push(chunk)
      if (this.#bytes > this.#settings.commitBytes) this.#offer()
    } else if (this.#phase === 'streaming') {
      const more = this.#client!.write(chunk)
      this.#flow(more)
      if (!more) controller.pause()
    } else if (this.#phase === 'discarding' && this.#bytes > MAX_DRAINED_BYTES) this.abort()
  }

  onResponseEnd(_controller: Dispatcher.DispatchController, trailers: IncomingHttpHeaders): void {
    const phase = this.#phase
    if (phase === 'over') return
    this.trailers = trailers
    this.#over()
    // The slot goes back before the outcome is told: a retry of the same call may need it.
    this.effect.release()
    if (phase === 'holding') {
      this.isWhole = true
      this.#listener.settled(this, this.#response(true))
    } else if (phase === 'streaming') {
      this.effect.bodyEnded('complete')
      const client = this.#client!
      const passed = responseTrailers(trailers)
      if (passed.length > 0 && client.chunkedEncoding) client.addTrailers(passed)
      client.end()
    } else this.effect.bodyEnded('complete')
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: NodeJS.ErrnoException): void {
    const phase = this.#phase
    if (phase === 'over') return
    this.#over()
    this.effect.release()
    if (phase === 'waiting' || phase === 'holding') {
      const reached = phase === 'holding' ? 'yes' : this.#controller ? 'maybe' : 'no'
      const outcome = { is: 'connection_error', attempt: this.effect.number, reached } as const
      this.#listener.settled(this, OURS.has(error.code ?? '') ? { ...outcome, ours: true } : outcome)
    } else {
      this.effect.bodyEnded(phase === 'discarding' ? 'aborted' : 'broken')
      if (phase !== 'discarding') this.#cutOff('broken')
    }
  }

  #cannotRead(): void {
    this.#over()
    this.#controller!.abort(aborted)
    this.effect.release()
    this.#listener.settled(this, { is: 'connection_error', attempt: this.effect.number, reached: 'yes' })
  }

  #offer(): void {
    this.#phase = 'offered'
    this.#listener.settled(this, this.#response(false))
    // Nothing more is read until somebody takes the response or gives it up.
    if (this.#phase === 'offered') this.#controller!.pause()
  }

  // This may run inside a callback of another response. undici parses one response at a time and would throw.
  #resumeSoon(): void {
    const controller = this.#controller!
    if (controller.paused) queueMicrotask(() => controller.resume())
  }

  #response(complete: boolean): AttemptOutcome {
    const retryAfter = this.headers['retry-after']
    const outcome = { is: 'response', attempt: this.effect.number, status: this.status, complete, stream: this.isStream } as const
    return typeof retryAfter === 'string' ? { ...outcome, retryAfter } : outcome
  }

  // A reader that stops is waited for as long as a stream that stops.
  #flow(more: boolean): void {
    if (more) return this.#keepTime()
    this.#stalled = 'now'
    const left = this.#finalDeadline - this.#settings.clock.now()
    this.#settings.deadlines.set(this, Math.min(this.#settings.streamIdle, left))
  }

  // The idle time runs only while the client takes data, since a paused upstream cannot send. The total time always runs.
  #keepTime(): void {
    const left = this.#finalDeadline - this.#settings.clock.now()
    this.#settings.deadlines.set(this, Math.min(this.#idle, left))
  }

  #cutOff(how: 'broken' | 'timeout'): void {
    this.cut = how
    this.#client?.destroy()
  }

  #over(): void {
    this.#phase = 'over'
    this.#settings.deadlines.lift(this)
  }
}
