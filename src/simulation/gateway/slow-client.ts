// A client that sends slowly, as stage/live/load/paced-head.ts and paced-body.ts do: in pieces, evenly over a span. Each piece waits for a timer,
// and so is as late as all timers before it. The gateway takes a head and a body for as long as its settings say.
//
//   sent ── pieces of the head ──▶ received ── pieces of the body ──▶ read-body.ts
import { EventEmitter } from 'node:events'
import { headCheckEvery } from '../../gateway/request/head-time.ts'
import { type BodyRead, type BodyRoom, type ReadableRequest, readBody } from '../../gateway/request/read-body.ts'
import type { ServerSettings } from '../../gateway/config.ts'
import type { Ms } from '../../kernel/clock.ts'
import type { Actor } from '../event-queue.ts'
import type { World } from '../world.ts'

const MOST_PIECES = 50

/** What the gateway knows of its clients' time. */
interface Patience {
  readonly settings: ServerSettings
  /** What bodies take that are still being sent. */
  readonly bodies: BodyRoom
  /** When it first looks for heads that are late. */
  readonly headChecksFrom: Ms
}

/** When a head that is sent over `overMs` has arrived, or the gateway has lost its patience. */
export function slowHead(
  { legs }: World,
  { settings: { headTimeout }, headChecksFrom }: Patience,
  { sent, overMs }: { sent: Ms; overMs: Ms },
): { at: Ms; isTooLate: boolean } {
  // On a connection of its own.
  const fromMs = sent + legs.connect.next() + legs.toGateway.next()
  let wholeAt = fromMs
  // A head has more bytes than pieces.
  for (let piece = 1; piece < MOST_PIECES; piece++) wholeAt += overMs / (MOST_PIECES - 1) + legs.timer.next()
  const every = headCheckEvery(headTimeout)
  const checkAt = headChecksFrom + Math.ceil((fromMs + headTimeout - headChecksFrom) / every) * every
  return wholeAt <= checkAt ? { at: wholeAt, isTooLate: false } : { at: checkAt, isTooLate: true }
}

/** The body of one request on its way. */
export class SlowBody implements Actor {
  readonly #world: World
  readonly #body: Buffer
  readonly #gapMs: Ms
  readonly #pieces: number
  readonly #events = new EventEmitter()
  #arrived = 0
  #isOver = false

  /** `done` is called once, unless the client goes first. */
  constructor(
    world: World,
    { settings, bodies: room }: Patience,
    { body, overMs }: { body: Buffer; overMs: Ms },
    done: (read: BodyRead) => void,
  ) {
    this.#world = world
    this.#body = body
    this.#pieces = Math.max(1, Math.min(body.length, MOST_PIECES))
    this.#gapMs = overMs / Math.max(1, this.#pieces - 1)
    const { queue: clock, deadlines } = world
    // The emitter is what read-body.ts asks of a request besides its headers.
    const request = Object.assign(this.#events, { headers: { 'content-length': String(body.length) } }) as unknown as ReadableRequest
    readBody(request, { maxBytes: settings.maxRequestBytes, room, timeout: settings.bodyTimeout, deadlines, clock }, (read) => {
      this.#isOver = true
      if (read.is === 'whole') room.bytes -= body.length
      if (read.is !== 'gone') done(read)
    })
    this.#next(0)
  }

  /** A piece arrives. */
  happen(): void {
    if (this.#isOver) return
    const edge = (piece: number): number => Math.floor((this.#body.length * piece) / this.#pieces)
    this.#events.emit('data', this.#body.subarray(edge(this.#arrived), edge(this.#arrived + 1)))
    this.#arrived++
    if (this.#arrived === this.#pieces) this.#events.emit('end')
    else this.#next(this.#gapMs)
  }

  /** The client has gone. */
  gone(): void {
    this.#events.emit('close')
  }

  #next(gapMs: Ms): void {
    const { queue, legs } = this.#world
    queue.at(queue.now() + gapMs + legs.timer.next(), this, 0)
  }
}
