// A body on its way to the client while it still arrives: as fast as the client reads, and within its time.
//
//   upstream ─▶ write() ─▶ client       the client's buffer is full: the upstream pauses until it has drained
//
// Two clocks run. The idle time counts the upstream's silence, and only while the client takes data: a paused upstream cannot send.
// A client that does not read on has a time of its own. The end of the whole is fixed.
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'
import type { Clock, Ms } from '../../kernel/clock.ts'
import { responseTrailers } from '../request/headers.ts'
import type { Deadlines, Expiring } from './deadlines.ts'

export interface RelayTime {
  clock: Clock
  deadlines: Deadlines
  /** Expires when a time is over. */
  owner: Expiring
  /** Longest silence of the upstream. */
  idle: Ms
  /** Longest time for which a client may not read on. */
  readerIdle: Ms
  /** When all must be over. */
  end: Ms
}

export class Relay {
  readonly #client: ServerResponse
  readonly #upstream: Dispatcher.DispatchController
  readonly #time: RelayTime
  /** The client has kept the body from arriving, now or ever. */
  #stalled: 'never' | 'before' | 'now' = 'never'
  #isOver = false

  /** The head has been written to `client`. */
  constructor(client: ServerResponse, upstream: Dispatcher.DispatchController, time: RelayTime) {
    this.#client = client
    this.#upstream = upstream
    this.#time = time
  }

  /** The client did not read on: the upstream had no way to send. */
  get isHeldUp(): boolean {
    if (this.#stalled === 'never') return false
    return this.#stalled === 'now' || this.#time.clock.now() >= this.#time.end
  }

  /** `chunks`: what has arrived before. */
  begin(chunks: readonly Buffer[]): void {
    this.#client.on('drain', () => {
      if (this.#isOver) return
      if (this.#stalled === 'now') this.#stalled = 'before'
      this.#keepTime()
      this.#upstream.resume()
    })
    let more = true
    for (const chunk of chunks) more = this.#client.write(chunk)
    // The client of a stream waits for its head.
    if (chunks.length === 0) this.#client.flushHeaders()
    this.#flow(more)
    if (more) resumeSoon(this.#upstream)
  }

  write(chunk: Buffer): void {
    const more = this.#client.write(chunk)
    this.#flow(more)
    if (!more) this.#upstream.pause()
  }

  /** The body is whole. */
  end(trailers: Readonly<IncomingHttpHeaders>): void {
    const passed = responseTrailers(trailers)
    if (passed.length > 0 && this.#client.chunkedEncoding) this.#client.addTrailers(passed)
    this.#client.end()
  }

  /** Nothing more comes. */
  stop(): void {
    this.#isOver = true
  }

  /** So that the body does not look whole. */
  destroy(): void {
    this.#client.destroy()
  }

  #flow(more: boolean): void {
    if (more) return this.#keepTime()
    this.#stalled = 'now'
    this.#expireAfter(this.#time.readerIdle)
  }

  #keepTime(): void {
    this.#expireAfter(this.#time.idle)
  }

  #expireAfter(idle: Ms): void {
    const { clock, deadlines, owner, end } = this.#time
    deadlines.set(owner, Math.min(idle, end - clock.now()))
  }
}

/** This may run inside a callback of another response: undici parses one at a time, and would throw. */
export function resumeSoon(upstream: Dispatcher.DispatchController): void {
  if (upstream.paused) queueMicrotask(() => upstream.resume())
}
