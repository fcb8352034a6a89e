// The answer of one request as its client reads it: measured by the meter of the live client, from its head to its end.
import { type AnswerAsks, AnswerMeter, type KnownBodies } from '../stage/live/load/answer-meter.ts'
import type { Ending } from '../stage/live/load/classify.ts'
import { bytesIn } from '../contract/piece.ts'
import type { Ms } from '../kernel/clock.ts'
import type { Given } from './given-answer.ts'

/** What a client wants to know of its answers. */
export interface Reader {
  readonly asks: AnswerAsks
  readonly knownBodies: KnownBodies
}

export class ClientAnswer {
  readonly #given: Given
  readonly #meter: AnswerMeter
  #hasHead = false
  /** Sent, and not yet here. */
  readonly #underWay: Buffer[] = []

  constructor(given: Given, sent: Ms, { knownBodies, asks }: Reader) {
    this.#given = given
    this.#meter = new AnswerMeter(sent, knownBodies, asks)
  }

  /** The gateway hands a piece on. The first has no bytes: it is the head. */
  send(piece: Buffer): void {
    this.#underWay.push(piece)
  }

  /** The next of those that were sent is here. */
  piece(now: Ms): void {
    this.#add(this.#underWay.shift()!, now)
  }

  /** All of it is here at once. */
  whole(hasBody: boolean, now: Ms): void {
    this.#head(now)
    if (hasBody) for (const piece of this.#given.pieces) this.#add(bytesIn(piece), now)
  }

  answered(now: Ms): Ending {
    const { status, headers } = this.#given
    return { is: 'answered', status, headers, answer: this.#meter.end(now, true) }
  }

  broken(now: Ms): Ending {
    return { is: 'broken', status: this.#given.status, code: 'UND_ERR_SOCKET', answer: this.#meter.end(now, false) }
  }

  /** Undefined while nothing of it is here. */
  givenUp(now: Ms): Ending | undefined {
    if (!this.#hasHead) return undefined
    return { is: 'given_up', status: this.#given.status, code: 'client_timeout', answer: this.#meter.end(now, false) }
  }

  /** The body, when it has come to its end. */
  json(): ReturnType<AnswerMeter['json']> {
    return this.#meter.json()
  }

  #add(piece: Buffer, now: Ms): void {
    if (!this.#hasHead) this.#head(now)
    if (piece.length > 0) this.#meter.add(piece, now)
  }

  #head(now: Ms): void {
    this.#hasHead = true
    this.#meter.head(this.#given.headers, now)
  }
}
