// A fake upstream in the simulation: it decides and answers by the code of the live one, and tells of it in the same events.
//
//   request ──▶ arrival ──▶ respond() ──wait──▶ head, pieces, cut ──▶ departure
import { bodyChecksum, type BodySum, bodySum } from '../contract/body-checksum.ts'
import { IDEMPOTENCY_KEY } from '../contract/headers.ts'
import { keyHash } from '../contract/key-hash.ts'
import type { DepartureEvent } from '../evidence/events.ts'
import { eventStreamMeter, mediaType } from '../evidence/event-stream/event-stream-meter.ts'
import type { CustomFaults } from '../faults/custom-fault.ts'
import type { Ms } from '../kernel/clock.ts'
import { retryAfterMs } from '../policies/retry/retry-after.ts'
import type { Answer } from '../upstreams/answering/answer.ts'
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

export interface SentAnswer extends Extract<Answer, { is: 'sent' }> {
  /** Of a body of JSON, measured when it is first sent: many see it, and one answer may be sent often. */
  sum?: BodySum
}

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
  const { respond, faults } = responder(upstream, seed, custom)
  const { queue, write } = world
  const bodyHashes = new Map<Buffer, string>()
  const wallNow = (): Date => new Date(queue.now())
  const fake = {
    faults,
    inFlight: 0,
    arrive(question: Question, id: string, asker: Asker): Handling {
      const now = queue.now()
      const { method, path: target, body, isIdempotent } = question
      const headers = headersOf(question, id)
      const { route, request, decision, delayMs, answer, effect } = respond({ method, target, headers, body, question }, now)
      const { ordinal, attempt, faults: applied } = decision
      const key = headers[IDEMPOTENCY_KEY]
      let bodyHash = bodyHashes.get(body)
      if (bodyHash === undefined) bodyHashes.set(body, (bodyHash = body.length === 0 ? '' : bodyChecksum(body)))
      fake.inFlight++
      write({
        type: 'arrival',
        t: now,
        upstream: upstream.name,
        ordinal,
        request,
        attempt,
        concurrent: fake.inFlight,
        route: route ?? 'unknown',
        method,
        idempotent: isIdempotent,
        ...(key !== undefined && { key: keyHash(key) }),
        bodyHash,
        ...(effect !== undefined && { effect: effect === null ? '' : keyHash(effect) }),
        ...(applied.length > 0 && { faults: applied }),
      })
      return new Answering(world, answer, delayMs, asker, (end) => {
        fake.inFlight--
        const waitMs = answer.is === 'sent' && end.status > 0 ? retryAfterMs(answer.headers['retry-after'], wallNow) : undefined
        write({
          type: 'departure',
          t: queue.now(),
          upstream: upstream.name,
          ordinal,
          clientGone: false,
          whole: answer.is === 'sent' && answer.whole,
          ...(waitMs !== undefined && { retryAfterMs: waitMs }),
          ...end,
        })
      })
    },
  }
  return fake
}

type End = Pick<DepartureEvent, 'status' | 'length' | 'checksum' | 'events' | 'eventsChecksum' | 'streamError'> & {
  clientGone?: boolean
  brokenOff?: true
  whole?: false
}

const NEXT = 0

class Answering implements Handling, Actor {
  readonly #world: World
  readonly #answer: Answer
  readonly #asker: Asker
  readonly #departed: (end: End) => void
  /** Pieces that were sent; −1 before the head. */
  #sent = -1
  #isOver = false

  constructor(world: World, answer: Answer, delayMs: Ms, asker: Asker, departed: (end: End) => void) {
    this.#world = world
    this.#answer = answer
    this.#asker = asker
    this.#departed = departed
    if (answer.is !== 'silence') world.queue.at(world.queue.now() + delayMs + (delayMs > 0 ? world.legs.timer() : 0), this, NEXT)
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
    if (this.#sent < pieces.length) this.#world.queue.at(this.#world.queue.now() + intervalMs + this.#late(intervalMs), this, NEXT)
    else this.happen()
  }

  gone(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#departed({ ...this.#measures(), clientGone: true })
  }

  died(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#departed({ ...this.#measures(), brokenOff: true, whole: false })
  }

  #late(intervalMs: Ms): Ms {
    return intervalMs > 0 ? this.#world.legs.timer() : 0
  }

  #end(): void {
    this.#isOver = true
    this.#departed(this.#measures())
    this.#asker.whole(this.#answer as SentAnswer) // silence has no end, and a cut is broken off
  }

  /** By a fault of the fake. One that holds the connection open sends no more. */
  #breakOff(): void {
    const { is } = this.#answer
    if (is === 'sent' && this.#answer.ending === 'hold') return
    this.#isOver = true
    this.#departed({ ...this.#measures(), brokenOff: true })
    this.#asker.broken()
  }

  #measures(): End {
    const answer = this.#answer
    if (answer.is !== 'sent' || this.#sent < 0) return { status: 0, length: 0 }
    if (answer.isJson && this.#sent === answer.pieces.length) return { status: answer.status, ...sumOf(answer) }
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

export function sumOf(answer: SentAnswer): BodySum {
  return (answer.sum ??= bodySum(answer.pieces))
}
