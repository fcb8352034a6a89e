// One direction of a connection, and the toxics on it.
//
//   source ──▶ [slot] ──▶ [slot] ──▶ destination        no toxic: source ──▶ destination, byte for byte
//
// Before the chain changes, its toxics hand on what they hold: a byte dropped or overtaken corrupts the stream.
// The semantics are those of Toxiproxy's link.go, but without its locks: a receiver that stalls does not block a change.
import type { Clock, Ms } from '../../kernel/clock.ts'
import { drawFor, seededRandom } from '../../kernel/random.ts'
import type { ToxicOnProxy } from './toxic-on-proxy.ts'
import { type Outlet, Slot } from './slot.ts'
import type { ToxicStream } from '../../faults/network/toxic.ts'
import { noop } from '../../faults/network/toxics/noop.ts'
import type { Flow, Line } from '../../faults/network/toxic.ts'

export interface LinkSetting {
  readonly clock: Clock
  readonly seed: number
  readonly proxy: string
  /** Ordinal of the connection at its proxy, from 0. Decisions are keyed by it. */
  readonly connection: number
  readonly openedAt: Ms
}

/** What a link needs of the socket that it reads from. */
export interface Source {
  once(event: 'end' | 'close', listener: () => void): unknown
  pause(): unknown
  resume(): unknown
  isPaused(): boolean
}

/** What it needs of the socket that it writes to. */
export interface Destination {
  readonly writableLength: number
  readonly writableNeedDrain: boolean
  on(event: 'drain', listener: () => void): unknown
  once(event: 'close', listener: () => void): unknown
  write(data: Buffer): boolean
}

/** A slot, the toxic at work in it, and that toxic's memory. */
interface Place {
  slot: Slot
  toxic: ToxicOnProxy
  memory: unknown
  /** How often the toxic's coin was thrown. */
  throws: number
}

// The most that Toxiproxy reads at once. Toxics act on pieces of this size.
export const CHUNK_BYTES = 32 * 1024

export class Link implements Outlet {
  readonly stream: ToxicStream
  /** Bytes read from the source, and handed to the destination. */
  received = 0
  sent = 0

  readonly #setting: LinkSetting
  readonly #source: Source
  readonly #destination: Destination
  readonly #places: Place[] = []
  readonly #closeDestination: () => void
  #sourceEnded = false
  #ended = false

  constructor(
    setting: LinkSetting,
    stream: ToxicStream,
    source: Source,
    destination: Destination,
    toxics: readonly ToxicOnProxy[],
    closeDestination: () => void,
  ) {
    this.#setting = setting
    this.stream = stream
    this.#source = source
    this.#destination = destination
    this.#closeDestination = closeDestination
    for (const toxic of toxics) this.#append(toxic)
    source.once('end', () => this.#sourceHasEnded())
    source.once('close', () => this.#sourceHasEnded())
    destination.on('drain', () => (this.#places.at(-1)?.slot ?? this).run())
    destination.once('close', () => this.abandon())
  }

  /**
   * Takes what the source sent. This is the hot path: without toxics a piece costs one branch, two additions and the write.
   * @param data memory that the source will use again
   * @returns whether it is still needed
   */
  read(data: Buffer): boolean {
    this.received += data.length
    const first = this.#places[0]
    if (first === undefined) {
      this.sent += data.length
      if (!this.#destination.write(data)) this.#source.pause()
      return this.#destination.writableLength > 0
    }
    this.#intoChain(first.slot, Buffer.from(data))
    return false
  }

  #intoChain(first: Slot, data: Buffer): void {
    const at = this.#setting.clock.now()
    for (let from = 0; from < data.length; from += CHUNK_BYTES) first.take({ data: data.subarray(from, from + CHUNK_BYTES), at })
    if (first.full) this.#source.pause()
  }

  #sourceHasEnded(): void {
    if (this.#sourceEnded) return
    this.#sourceEnded = true
    ;(this.#places[0]?.slot ?? this).end()
  }

  /** There is room again: reading goes on. */
  run(): void {
    if (!this.#ended && this.#source.isPaused()) this.#source.resume()
  }

  // As the outlet of the last slot: the destination.

  get full(): boolean {
    return this.#ended || this.#destination.writableNeedDrain
  }

  take({ data }: { data: Buffer }): void {
    if (this.#ended) return
    this.sent += data.length
    this.#destination.write(data)
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#closeDestination()
  }

  /** The destination is gone: nothing is handed on any more. */
  abandon(): void {
    this.#ended = true
    for (const { slot } of this.#places) slot.abandon()
    this.#source.pause()
  }

  // Changes of the chain, while data flows.

  add(toxic: ToxicOnProxy): void {
    if (this.#ended) return
    const previous = this.#places.at(-1)
    previous?.slot.interrupt()
    this.#append(toxic)
    if (previous) this.#restart(previous)
  }

  update(toxic: ToxicOnProxy): void {
    const place = this.#places.find((candidate) => candidate.toxic === toxic)
    if (!place) return
    place.slot.interrupt()
    this.#restart(place)
  }

  remove(toxic: ToxicOnProxy): void {
    const index = this.#places.findIndex((candidate) => candidate.toxic === toxic)
    const place = this.#places[index]
    // A settled toxic keeps its place: it has closed the line, or will.
    if (!place || place.slot.settled) return
    const { slot } = place
    slot.interrupt()
    if (toxic.type.closesWhenRemoved) return slot.close()

    const before = this.#places[index - 1]
    before?.slot.interrupt()
    const ended = slot.drain()
    this.#places.splice(index, 1)
    const after = this.#places[index]
    if (after) after.slot.previous = before?.slot ?? this
    if (before) before.slot.outlet = slot.outlet
    if (ended) slot.outlet.end()
    if (before) this.#restart(before)
    else this.run()
  }

  #append(toxic: ToxicOnProxy): void {
    const { clock, seed, proxy, connection, openedAt } = this.#setting
    const previous = this.#places.at(-1)
    const random = seededRandom(seed).stream(this.#key(toxic, proxy, connection))
    const { memory } = toxic.type
    const place: Omit<Place, 'slot'> = { toxic, memory: memory?.per === 'line' ? memory.start() : toxic.memory, throws: 0 }
    const slot = new Slot({ clock, random, openedAt, connection }, toxic.type.queue ?? 1, this, previous?.slot ?? this, (line) =>
      this.#start(place, line),
    )
    if (previous) previous.slot.outlet = slot
    // A slot before this one may have closed the line already.
    if (previous?.slot.closed) slot.abandon()
    this.#places.push(Object.assign(place, { slot }))
  }

  #restart(place: Place): void {
    place.slot.restart((line) => this.#start(place, line))
  }

  /** Throws the toxic's coin on this connection. A toxic that loses does nothing here until its coin is thrown again. */
  #start(place: Omit<Place, 'slot'>, line: Line): Flow {
    const { type, toxicity, attributes } = place.toxic
    const { seed, proxy, connection } = this.#setting
    const wins = drawFor(seed, this.#key(place.toxic, proxy, connection), place.throws++) < toxicity
    return wins ? type.start(line, attributes, place.memory) : noop.start(line, {}, undefined)
  }

  #key(toxic: ToxicOnProxy, proxy: string, connection: number): string {
    return `${proxy}/${connection}/${toxic.name}`
  }
}
