// A fake upstream in the simulation: it decides and answers by the code of the live one, and tells of it in the same events.
//
//   request ──▶ arrival ──▶ answer ──wait──▶ head, pieces, cut ──▶ departure
import { bodyChecksum, bodySum } from '../contract/body-checksum.ts'
import { IDEMPOTENCY_KEY, REQUEST_ID } from '../contract/headers.ts'
import { keyHash } from '../contract/key-hash.ts'
import type { ArrivalEvent, DepartureEvent } from '../evidence/events.ts'
import { UNKNOWN_ROUTE } from '../evidence/events/arrival.ts'
import { indexOf } from '../evidence/request-id.ts'
import { eventStreamMeter, mediaType } from '../evidence/event-stream/event-stream-meter.ts'
import type { CustomFaults } from '../faults/custom-fault.ts'
import type { Ms } from '../kernel/clock.ts'
import { retryAfterMs } from '../policies/retry/retry-after.ts'
import type { Answer } from '../upstreams/answering/answer.ts'
import type { Asked } from '../upstreams/answering/asked.ts'
import { type Responder, responder } from '../upstreams/answering/responder.ts'
import type { Upstream } from '../upstreams/define.ts'
import type { Actor } from './event-queue.ts'
import { headersOf, type Question } from './questions.ts'
import type { World } from './world.ts'

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

export interface FakeUpstream {
  readonly faults: Responder['faults']
  /** Requests that have arrived and not departed. */
  readonly inFlight: number
  arrive(question: Question, id: string, asker: Asker): Handling
}

export function openFake(upstream: Upstream, seed: number, custom: CustomFaults, world: World): FakeUpstream {
  return new SimulatedFake(upstream, seed, custom, world)
}

/** What all requests of one question share. */
interface Known {
  readonly asked: Asked
  readonly bodyHash: string
  /** The id and the key that each of them has, where the question has one of its own. */
  readonly request: string | undefined
  readonly key: string | undefined
}

class SimulatedFake implements FakeUpstream {
  readonly name: string
  readonly world: World
  readonly faults: Responder['faults']
  inFlight = 0
  readonly #responder: Responder
  readonly #known = new Map<Question, Known>()
  /** By the ordinal of a request, as its id tells it. */
  #attempts = new Uint32Array(1024)

  constructor(upstream: Upstream, seed: number, custom: CustomFaults, world: World) {
    this.name = upstream.name
    this.world = world
    this.#responder = responder(upstream, seed, custom)
    this.faults = this.#responder.faults
  }

  arrive(question: Question, id: string, asker: Asker): Handling {
    const { name: upstream, world } = this
    const t = world.queue.now()
    const { asked, bodyHash, request = id, key = question.isKeyed ? id : undefined } = this.#of(question)
    const attempt = request === id ? this.#count(id) : undefined
    const { route = UNKNOWN_ROUTE, decision, delayMs, answer, effect } = this.#responder.answer(asked, request, t, attempt)
    const { ordinal, faults } = decision
    const { method, isIdempotent: idempotent } = question
    const concurrent = ++this.inFlight
    // Most have no key, no effect and no fault.
    let event: ArrivalEvent = {
      type: 'arrival',
      t,
      upstream,
      ordinal,
      request,
      attempt: decision.attempt,
      concurrent,
      route,
      method,
      idempotent,
      bodyHash,
    }
    if (key !== undefined) event = withKey(event, keyHash(key))
    if (effect !== undefined) event.effect = effect === null ? '' : keyHash(effect)
    if (faults.length > 0) event.faults = faults
    world.write(event)
    return new Answering(this, ordinal, answer, delayMs, asker)
  }

  /** How often the request has arrived. */
  #count(id: string): number {
    const index = indexOf(id)
    if (index >= this.#attempts.length) {
      const grown = new Uint32Array(2 * (index + 1))
      grown.set(this.#attempts)
      this.#attempts = grown
    }
    return ++this.#attempts[index]!
  }

  #of(question: Question): Known {
    const known = this.#known.get(question)
    if (known) return known
    const { method, path, body, headers } = question
    const made: Known = {
      asked: this.#responder.read({ method, target: path, body }, (id) => headersOf(question, id)),
      bodyHash: body.length === 0 ? '' : bodyChecksum(body),
      request: headers[REQUEST_ID],
      key: headers[IDEMPOTENCY_KEY],
    }
    this.#known.set(question, made)
    return made
  }
}

/** In its place: a journal is compared byte for byte. */
function withKey({ bodyHash, ...event }: ArrivalEvent, key: string): ArrivalEvent {
  return { ...event, key, bodyHash }
}

type End = Pick<DepartureEvent, 'status' | 'length' | 'checksum' | 'events' | 'eventsChecksum' | 'streamError'>

const NEXT = 0

class Answering implements Handling, Actor {
  readonly #fake: SimulatedFake
  readonly #ordinal: number
  readonly #answer: Answer
  readonly #asker: Asker
  /** Pieces that were sent; −1 before the head. */
  #sent = -1
  #isOver = false

  constructor(fake: SimulatedFake, ordinal: number, answer: Answer, delayMs: Ms, asker: Asker) {
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
    queue.at(queue.now() + ms + (ms > 0 ? legs.timer() : 0), this, NEXT)
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
      const { length, checksum } = json.sum
      return world.write({ type: 'departure', t, upstream, ordinal, clientGone, whole, status, length, checksum })
    }
    const waitMs = retryAfterMs(retryAfter, () => new Date(t))
    world.write({
      type: 'departure',
      t,
      upstream,
      ordinal,
      clientGone,
      whole,
      ...(waitMs !== undefined && { retryAfterMs: waitMs }),
      ...(json ? { status, ...json.sum } : this.#measures()),
      ...(isBrokenOff && { brokenOff: true }),
    })
  }

  #measures(): End {
    const answer = this.#answer
    if (answer.is !== 'sent' || this.#sent < 0) return { status: 0, length: 0 }
    const pieces = answer.pieces.slice(0, this.#sent)
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
