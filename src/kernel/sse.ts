// Server-sent events (WHATWG HTML §9.2): one stream of numbered events, and its readers.
//
//   send(…) ──▶ numbered ──▶ kept: the last `kept` events
//                   └──────▶ every reader:   id: 7
//                                            event: transition
//                                            data: {"upstream":"gemini", …}
//
// A reader that comes back names the last id that it has. It gets the kept events after that id. An event named `gap` comes first
// when some of them are no longer kept: its data is `{ from, to }`, the ids that are missing.
import type { Writable } from 'node:stream'
import type { Cancel, Clock, Ms } from './clock.ts'

/** The head of an answer that carries a stream; proxies must neither store nor buffer it. */
export const eventStreamHead = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' } as const

// A slower reader is cut off; it can come back and ask for the rest. What was kept for it comes on top: it is sent all at once.
const MAX_BACKLOG_BYTES = 1024 * 1024

// How long a reader should wait before it connects again.
const RETRY_MS = 250

export interface EventStreamOptions {
  clock: Clock
  /** How many events are kept for readers that come back. Default: none. */
  kept?: number
  /** Time between the comments that tell a reader that the stream is alive. Default: there are none. */
  heartbeat?: Ms
}

export class EventStream {
  readonly #clock: Clock
  readonly #capacity: number
  readonly #heartbeat: Ms | undefined
  /** Each with the bytes that it may be behind. */
  readonly #readers = new Map<Writable, number>()
  readonly #kept: { id: number; text: string }[] = []
  #last = 0
  #nextBeat: Cancel | undefined

  constructor({ clock, kept = 0, heartbeat }: EventStreamOptions) {
    this.#clock = clock
    this.#capacity = kept
    this.#heartbeat = heartbeat
  }

  /**
   * Sends an event to every reader. `name` is its type; undefined sends none. `data` gets the event's id (from 1, without holes)
   * and returns what is sent as JSON. It is not called when nothing is kept and nobody reads.
   */
  send(name: string | undefined, data: (id: number) => object): void {
    const id = ++this.#last
    if (this.#capacity === 0 && this.#readers.size === 0) return
    const text = `id: ${id}\n${named(name)}data: ${JSON.stringify(data(id))}\n\n`
    this.#kept.push({ id, text })
    if (this.#kept.length > this.#capacity) this.#kept.shift()
    this.#tellAll(text)
  }

  /**
   * Sends events to `reader` until either side ends. Its head (`eventStreamHead`) is the caller's to write.
   * `seen`: the last id that the reader has, 0 for all that is kept; undefined for new events only.
   */
  join(reader: Writable, seen?: number): void {
    const first = `retry: ${RETRY_MS}\n\n${seen === undefined ? '' : this.#since(seen)}`
    reader.write(first)
    this.#readers.set(reader, MAX_BACKLOG_BYTES + Buffer.byteLength(first))
    reader.once('close', () => this.#readers.delete(reader))
    this.#nextBeat ??= this.#beat()
  }

  /** Ends all readers' streams. */
  close(): void {
    this.#nextBeat?.()
    for (const reader of this.#readers.keys()) reader.end()
    this.#readers.clear()
  }

  // A reader that has seen more than was ever sent comes from another life of this process: it gets everything, and a gap.
  #since(seen: number): string {
    const isStranger = seen > this.#last
    const oldest = this.#kept[0]?.id ?? this.#last + 1
    const to = isStranger ? this.#last : oldest - 1
    const gap = isStranger || seen < to ? `event: gap\ndata: ${JSON.stringify({ from: seen + 1, to })}\n\n` : ''
    return gap + this.#kept.map(({ id, text }) => (isStranger || id > seen ? text : '')).join('')
  }

  #tellAll(text: string): void {
    for (const [reader, mayBeBehind] of this.#readers) {
      reader.write(text)
      if (reader.writableLength > mayBeBehind) reader.destroy()
    }
  }

  // The comment also finds readers that are gone: writing to them closes their connection.
  #beat(): Cancel | undefined {
    if (this.#heartbeat === undefined) return undefined
    return this.#clock.after(this.#heartbeat, () => {
      this.#tellAll(`: heartbeat ${this.#clock.now()}\n\n`)
      this.#nextBeat = this.#readers.size > 0 ? this.#beat() : undefined
    })
  }
}

function named(name: string | undefined): string {
  return name === undefined ? '' : `event: ${name}\n`
}
