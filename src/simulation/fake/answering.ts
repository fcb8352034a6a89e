// A request at work at a fake of the simulation: its answer goes out as planned, in pieces, whole or broken off, and its end is told.
import { bodySum } from '../../contract/body-checksum.ts'
import { bytesIn } from '../../contract/piece.ts'
import type { DepartureEvent } from '../../evidence/events.ts'
import { eventStreamMeter, mediaType } from '../../evidence/event-stream/event-stream-meter.ts'
import type { Ms } from '../../kernel/clock.ts'
import { retryAfterMs } from '../../policies/retry/retry-after.ts'
import type { Answer } from '../../upstreams/answering/answer.ts'
import type { Actor } from '../event-queue.ts'
import type { World } from '../world.ts'

/** Who waits for an answer: each is told when it is sent. */
export interface Asker {
  /** The head, where the rest comes later. */
  head(answer: SentAnswer): void
  piece(answer: SentAnswer, index: number): void
  /** All of it, or its last piece. */
  whole(answer: SentAnswer): void
  /** The connection was broken off, after so many pieces. */
  broken(): void
}

export type SentAnswer = Extract<Answer, { is: 'sent' }>

/** One request at work. */
export interface Handling {
  /** The connection has closed. */
  gone(): void
  /** The service behind it is killed. */
  died(): void
}

/** The fake that it is at. */
interface Desk {
  readonly name: string
  readonly world: World
  inFlight: number
}

/** What the answer of `t` tells its client to wait. */
const waitOf = (retryAfter: string | undefined, t: Ms): Ms | undefined => retryAfterMs(retryAfter, () => new Date(t))

type End = Pick<DepartureEvent, 'status' | 'length' | 'checksum' | 'events' | 'eventsChecksum' | 'streamError'>

const NEXT = 0

export class Answering implements Handling, Actor {
  readonly #fake: Desk
  readonly #ordinal: number
  readonly #answer: Answer
  readonly #asker: Asker
  /** Pieces that were sent; −1 before the head. */
  #sent = -1
  #isOver = false

  constructor(fake: Desk, ordinal: number, answer: Answer, delayMs: Ms, asker: Asker) {
    this.#fake = fake
    this.#ordinal = ordinal
    this.#answer = answer
    this.#asker = asker
    if (answer.is !== 'silence') this.#after(delayMs)
  }

  happen(): void {
    if (this.#isOver) return
    const answer = this.#answer
    if (answer.is !== 'sent') return this.#breakOff()
    const { pieces, ending, intervalMs } = answer
    if (this.#sent < 0) {
      this.#sent = 0
      if (pieces.length > 1 || ending !== 'complete') this.#asker.head(answer)
    }
    if (this.#sent >= pieces.length) return ending === 'complete' ? this.#end() : this.#breakOff()
    this.#sent++
    if (this.#sent === pieces.length && ending === 'complete') return this.#end()
    this.#asker.piece(answer, this.#sent - 1)
    if (this.#sent < pieces.length) this.#after(intervalMs)
    else this.happen()
  }

  gone(): void {
    if (this.#isOver) return
    this.#depart('gone')
  }

  died(): void {
    if (this.#isOver) return
    this.#depart('died')
  }

  #after(ms: Ms): void {
    const { queue, legs } = this.#fake.world
    queue.at(queue.now() + ms + (ms > 0 ? legs.timer.next() : 0), this, NEXT)
  }

  #end(): void {
    this.#depart('ended')
    this.#asker.whole(this.#answer as SentAnswer) // silence has no end, and a cut is broken off
  }

  /** By a fault of the fake. One that holds the connection open sends no more. */
  #breakOff(): void {
    const { is } = this.#answer
    if (is === 'sent' && this.#answer.ending === 'hold') return
    this.#depart('broken_off')
    this.#asker.broken()
  }

  #depart(how: 'ended' | 'gone' | 'broken_off' | 'died'): void {
    this.#isOver = true
    const { name: upstream, world } = this.#fake
    const answer = this.#answer
    this.#fake.inFlight--
    const t = world.queue.now()
    const ordinal = this.#ordinal
    const clientGone = how === 'gone'
    const isBrokenOff = how === 'broken_off' || how === 'died'
    const whole = how !== 'died' && answer.is === 'sent' && answer.whole
    const status = answer.is === 'sent' && this.#sent >= 0 ? answer.status : 0
    const json = answer.is === 'sent' && this.#sent === answer.pieces.length ? answer.json : undefined
    const retryAfter = answer.is === 'sent' && this.#sent >= 0 ? answer.headers['retry-after'] : undefined
    if (json && !isBrokenOff && retryAfter === undefined) {
      // As most end.
      const { length, checksum } = json
      return world.tell.departure({ type: 'departure', t, upstream, ordinal, clientGone, whole, status, length, checksum })
    }
    const waitMs = waitOf(retryAfter, t)
    world.tell.departure({
      type: 'departure',
      t,
      upstream,
      ordinal,
      clientGone,
      whole,
      ...(waitMs !== undefined && { retryAfterMs: waitMs }),
      ...(json ? { status, length: json.length, checksum: json.checksum } : this.#measures()),
      ...(isBrokenOff && { brokenOff: true }),
    })
  }

  #measures(): End {
    const answer = this.#answer
    if (answer.is !== 'sent' || this.#sent < 0) return { status: 0, length: 0 }
    const pieces = answer.pieces.slice(0, this.#sent).map(bytesIn)
    const end: End = { status: answer.status, ...bodySum(pieces) }
    const stream = eventStreamMeter(mediaType(answer.headers['content-type']), true)
    const text = stream && new TextDecoder()
    for (const piece of pieces) stream?.add(text!.decode(piece, { stream: true }))
    const streamed = stream?.end()
    if (!streamed) return end
    const { events, checksum, error } = streamed
    return {
      ...end,
      events,
      ...(checksum !== undefined && { eventsChecksum: checksum }),
      ...(error !== undefined && { streamError: error }),
    }
  }
}
