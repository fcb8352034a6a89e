// The way of one attempt from the gateway to its fake and back, with nothing on it but distance. What arrives keeps its order: one
// attempt has one distance.
//
//   gateway ──toUpstream──▶ fake ──▶ head, pieces, whole, broken ──fromUpstream──▶ gateway
import type { Ms } from '../../kernel/clock.ts'
import type { Actor } from '../event-queue.ts'
import type { Asker, Handling, SentAnswer } from '../fake/answering.ts'
import type { FakeUpstream } from '../fake/fake.ts'
import type { Question } from '../questions.ts'
import type { World } from '../world.ts'

/** What is on its way from an upstream. */
export interface Receiver {
  head(answer: SentAnswer): void
  piece(answer: SentAnswer, index: number): void
  /** All of it, or its last piece. */
  whole(answer: SentAnswer): void
  broken(): void
}

export interface Way {
  /** The gateway closes the connection. */
  abort(): void
}

const ARRIVES = 0
const HEAD = 1
const PIECE = 2
const WHOLE = 3
const BROKEN = 4
const GONE = 5

export class PlainWay implements Way, Actor, Asker {
  readonly #world: World
  readonly #fake: FakeUpstream
  readonly #question: Question
  readonly #id: string
  readonly #receiver: Receiver
  #handling: Handling | undefined
  #answer: SentAnswer | undefined
  #received = 0
  #back: Ms = -1
  #isOver = false

  constructor(world: World, fake: FakeUpstream, question: Question, id: string, receiver: Receiver) {
    this.#world = world
    this.#fake = fake
    this.#question = question
    this.#id = id
    this.#receiver = receiver
  }

  /** `connectMs`: how long the connection is being made first. */
  start(connectMs: Ms): void {
    const { queue, legs } = this.#world
    queue.at(queue.now() + connectMs + legs.toUpstream.next(), this, ARRIVES)
  }

  happen(what: number): void {
    if (what === ARRIVES) {
      this.#handling = this.#fake.arrive(this.#question, this.#id, this)
      if (this.#isOver) this.#handling.gone()
    } else if (what === GONE) this.#handling?.gone()
    else if (this.#isOver) return
    else if (what === HEAD) this.#receiver.head(this.#answer!)
    else if (what === PIECE) this.#receiver.piece(this.#answer!, this.#received++)
    else if (what === WHOLE) {
      this.#isOver = true
      this.#receiver.whole(this.#answer!)
    } else {
      this.#isOver = true
      this.#receiver.broken()
    }
  }

  abort(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#world.queue.at(this.#world.queue.now() + this.#world.legs.toUpstream.next(), this, GONE)
  }

  head(answer: SentAnswer): void {
    this.#answer = answer
    this.#send(HEAD)
  }

  piece(): void {
    this.#send(PIECE)
  }

  whole(answer: SentAnswer): void {
    this.#answer = answer
    this.#send(WHOLE)
  }

  broken(): void {
    this.#send(BROKEN)
  }

  #send(what: number): void {
    if (this.#back < 0) this.#back = this.#world.legs.fromUpstream.next()
    this.#world.queue.at(this.#world.queue.now() + this.#back, this, what)
  }
}
