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
import type { Ms } from '../../kernel/clock.ts'
import type { AttemptListener, OpenAttempt } from '../../policies/drive.ts'
import type { AttemptEffect, AttemptOutcome } from '../../policies/effects.ts'
import { joined } from '../request/headers.ts'
import type { Expiring } from './deadlines.ts'
import { type Guarded, GuardedHandler } from './guarded-handler.ts'
import type { TokenCover } from './internal-token.ts'
import { ownFault } from './own-fault.ts'
import { Relay, resumeSoon } from './relay.ts'
import { saysStream } from './stream-kind.ts'
import type { TransferTarget } from './transfer-target.ts'
import type { Witness } from './witness.ts'

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
  readonly #target: TransferTarget
  readonly #options: Dispatcher.DispatchOptions
  readonly #listener: AttemptListener<Transfer>
  readonly #witness: Witness
  #phase: 'waiting' | 'holding' | 'offered' | 'streaming' | 'discarding' | 'over' = 'waiting'
  #controller: Dispatcher.DispatchController | undefined
  #chunks: Buffer[] = []
  #bytes = 0
  #cover: TokenCover | undefined
  /** Set from the moment when it is streaming. */
  #relay: Relay | undefined

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
    this.#target = target
    this.#options = options
    this.#listener = listener
    this.isStream = isStream
    this.#witness = witness
  }

  start(): void {
    const { timeoutMs, startedAt } = this.effect
    this.#target.transfers.deadlines.set(this, timeoutMs, startedAt)
    this.#target.pool.dispatch(this.#options, new GuardedHandler(this))
  }

  /** The body of a response that `isWhole`. */
  body(): Buffer | undefined {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks, this.#bytes)]
    return this.#chunks[0]
  }

  /** Hands the body on as it arrives. The head has been written. `deadline`: when the call's total time is over. */
  stream(client: ServerResponse, deadline: Ms): void {
    const { clock, deadlines, streamIdle } = this.#target.transfers
    const idle = this.isStream ? streamIdle : this.effect.timeoutMs
    const end = this.isStream ? Infinity : deadline
    this.#phase = 'streaming'
    this.#relay = new Relay(client, this.#controller!, { owner: this, deadlines, clock, idle, readerIdle: streamIdle, end })
    const chunks = this.#chunks
    this.#chunks = []
    this.#relay.begin(chunks)
  }

  /** A response that is arriving is read to its end, so that its connection can serve again. An attempt without one is cut off. */
  giveUp(): void {
    if (this.#phase === 'waiting' || this.#phase === 'holding') this.abort()
    if (this.#phase !== 'offered') return
    this.#phase = 'discarding'
    this.#chunks = []
    resumeSoon(this.#controller!)
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
    if (this.#phase === 'streaming' && this.#relay!.isHeldUp) {
      this.abort()
      this.#relay!.destroy()
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

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, received: IncomingHttpHeaders): void {
    if (this.#phase !== 'waiting') return
    const { internalToken } = this.#target
    const headers = internalToken === undefined ? received : internalToken.hiddenIn(received)
    if (status < 200) return this.#witness.interim(status, headers)
    const encoding = headers['transfer-encoding']
    // The body would be handed on in a coding that its new head does not name.
    if (encoding !== undefined && joined(encoding)!.toLowerCase() !== 'chunked') return this.#cannotRead()
    this.status = status
    this.headers = headers
    this.#phase = 'holding'
    this.#cover = internalToken?.cover()
    this.isStream ||= saysStream(headers)
    if (this.isStream) this.#offer()
  }

  onResponseData(_controller: Dispatcher.DispatchController, received: Buffer): void {
    this.#take(this.#cover === undefined ? received : this.#cover.pass(received))
  }

  #take(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.#bytes += chunk.length
    if (this.#phase === 'holding') {
      this.#chunks.push(chunk)
      if (this.#bytes > this.#target.transfers.commitBytes) this.#offer()
    } else if (this.#phase === 'streaming') this.#relay!.write(chunk)
    else if (this.#phase === 'discarding' && this.#bytes > MAX_DRAINED_BYTES) this.abort()
  }

  onResponseEnd(_controller: Dispatcher.DispatchController, trailers: IncomingHttpHeaders): void {
    if (this.#cover && this.#phase !== 'over') this.#take(this.#cover.end())
    const phase = this.#phase
    if (phase === 'over') return
    this.trailers = this.#target.internalToken?.hiddenIn(trailers) ?? trailers
    this.#over()
    // The slot goes back before the outcome is told: a retry of the same call may need it.
    this.effect.release()
    if (phase === 'holding') {
      this.isWhole = true
      this.#listener.settled(this, this.#response(true))
    } else if (phase === 'streaming') {
      this.effect.bodyEnded('complete')
      this.#relay!.end(this.trailers)
    } else this.effect.bodyEnded('complete')
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: NodeJS.ErrnoException): void {
    const phase = this.#phase
    if (phase === 'over') return
    this.#over()
    this.effect.release()
    if (phase === 'waiting' || phase === 'holding') {
      const reached = phase === 'holding' ? 'yes' : this.#controller ? 'maybe' : 'no'
      const ours = ownFault(error)
      this.#listener.settled(this, { is: 'connection_error', attempt: this.effect.number, reached, ...(ours && { ours }) })
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

  #response(complete: boolean): AttemptOutcome {
    const retryAfter = this.headers['retry-after']
    const outcome = { is: 'response', attempt: this.effect.number, status: this.status, complete, stream: this.isStream } as const
    return typeof retryAfter === 'string' ? { ...outcome, retryAfter } : outcome
  }

  #cutOff(how: 'broken' | 'timeout'): void {
    this.cut = how
    this.#relay?.destroy()
  }

  #over(): void {
    this.#phase = 'over'
    this.#relay?.stop()
    this.#target.transfers.deadlines.lift(this)
  }
}
