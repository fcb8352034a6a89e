// The way of one attempt over a connection through a proxy: as bytes, since that is what toxics act on. What arrives in part has not
// arrived: a request is read to its end before it is answered, and a piece of an answer is handed on when it is whole.
//
//   request bytes ─▶ link ─▶ fake ─▶ head and pieces as bytes ─▶ link ─▶ gateway: counted
import { bytesIn } from '../../contract/piece.ts'
import type { Ms } from '../../kernel/clock.ts'
import type { Actor } from '../event-queue.ts'
import type { Asker, Handling, SentAnswer } from '../fake/answering.ts'
import type { FakeUpstream } from '../fake/fake.ts'
import type { Receiver, Way } from '../gateway/way.ts'
import { headersOf, type Question } from '../questions.ts'
import type { World } from '../world.ts'
import type { Socket } from './socket.ts'

const SENT = 0
const AT_FAKE = 1
const ANSWERED = 2
const AT_GATEWAY = 3
const CLOSES = 4

// How long after an answer a fake ends its connection: as seen on one machine, where the gateway used one in 80 again before it had heard,
// at 200 requests a second.
const CLOSE_LAG: Ms = 0.15

export class ProxiedWay implements Way, Actor, Asker {
  readonly #world: World
  readonly #fake: FakeUpstream
  readonly #question: Question
  readonly #id: string
  readonly #receiver: Receiver
  readonly #socket: Socket
  // Half of each distance lies before the proxy.
  readonly #thereMs: Ms
  readonly backMs: Ms
  readonly #request: Buffer
  #requestLeft: number
  readonly #toFake: number[] = []
  readonly #fromFake: (Buffer | 'close')[] = []
  readonly #toGateway: number[] = []
  #handling: Handling | undefined
  #answer: SentAnswer | undefined
  #headLeft = 0
  #pieces = 0
  #pieceLeft = 0
  #hasHead = false
  /** How the fake's end of the connection ended. */
  #fakeEnd: 'open' | 'closed' | 'died' = 'open'
  /** Of the requests that have arrived on its connection. */
  #nth = 0
  #isOver = false

  constructor(world: World, fake: FakeUpstream, question: Question, id: string, receiver: Receiver, socket: Socket, connectMs: Ms) {
    this.#world = world
    this.#fake = fake
    this.#question = question
    this.#id = id
    this.#receiver = receiver
    this.#socket = socket
    this.#thereMs = world.legs.toUpstream.next() / 2
    this.backMs = world.legs.fromUpstream.next() / 2
    this.#request = requestBytes(question, id)
    this.#requestLeft = this.#request.length
    socket.carry(this)
    world.queue.at(world.queue.now() + connectMs + this.#thereMs, this, SENT)
  }

  happen(what: number): void {
    if (what === SENT) {
      if (this.#isOver) return
      this.#socket.refuseLossOf('upstream', this.#request, true)
      this.#socket.connection.gateway.send(this.#request)
    } else if (what === AT_FAKE) {
      this.#requestLeft -= this.#toFake.shift()!
      if (this.#requestLeft <= 0 && !this.#handling) this.#arrive()
    } else if (what === ANSWERED) {
      const sent = this.#fromFake.shift()!
      if (sent === 'close') this.#socket.connection.fake.close('owner')
      else {
        this.#socket.refuseLossOf('downstream', sent, this.#isAllIn(sent))
        this.#socket.connection.fake.send(sent)
      }
    } else if (what === CLOSES) this.#socket.closeAtFake()
    else this.#count(this.#toGateway.shift()!)
  }

  abort(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#socket.connection.gateway.close('owner')
  }

  // What the socket tells.

  arrivedAtFake(bytes: number): void {
    this.#toFake.push(bytes)
    this.#world.queue.at(this.#world.queue.now() + this.#thereMs, this, AT_FAKE)
  }

  arrivedAtGateway(bytes: number): void {
    this.#toGateway.push(bytes)
    this.#world.queue.at(this.#world.queue.now() + this.backMs, this, AT_GATEWAY)
  }

  fakeClosed(): void {
    this.#fakeEnd = 'closed'
    this.#handling?.gone()
  }

  fakeDied(): void {
    this.#fakeEnd = 'died'
    this.#handling?.died()
  }

  gatewayClosed(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#receiver.broken()
  }

  // A fake that is gone hears nothing. One whose client is gone has a request that was on its way.
  #arrive(): void {
    if (this.#fakeEnd === 'died') return
    this.#nth = ++this.#socket.arrived
    this.#handling = this.#fake.arrive(this.#question, this.#id, this)
    if (this.#fakeEnd === 'closed') this.#handling.gone()
  }

  // What the fake sends.

  head(answer: SentAnswer): void {
    this.#begin(answer)
    this.#send(headBytes(answer))
  }

  piece(answer: SentAnswer, index: number): void {
    this.#send(bytesIn(answer.pieces[index]!))
  }

  whole(answer: SentAnswer): void {
    const isFirst = this.#answer === undefined
    if (isFirst) this.#begin(answer)
    this.#send(isFirst ? Buffer.concat([headBytes(answer), ...answer.pieces.map(bytesIn)]) : bytesIn(answer.pieces.at(-1) ?? EMPTY))
    if (answer.closesAfter === undefined || this.#nth < answer.closesAfter) return
    this.#world.queue.at(this.#world.queue.now() + this.backMs + CLOSE_LAG, this, CLOSES)
  }

  broken(): void {
    this.#send('close')
  }

  #begin(answer: SentAnswer): void {
    this.#answer = answer
    this.#headLeft = headBytes(answer).length
    this.#pieceLeft = answer.pieces[0]?.length ?? 0
  }

  #send(what: Buffer | 'close'): void {
    this.#fromFake.push(what)
    this.#world.queue.at(this.#world.queue.now() + this.backMs, this, ANSWERED)
  }

  /** The answer is sent at once. */
  #isAllIn(sent: Buffer): boolean {
    const { pieces, ending } = this.#answer! // it is being sent
    return ending === 'complete' && sent.length === pieces.reduce((total, piece) => total + piece.length, headBytes(this.#answer!).length)
  }

  #count(bytes: number): void {
    const answer = this.#answer
    if (this.#isOver || !answer) return
    let left = bytes
    const fromHead = Math.min(left, this.#headLeft)
    this.#headLeft -= fromHead
    left -= fromHead
    if (this.#headLeft > 0) return
    if (!this.#hasHead) {
      this.#hasHead = true
      this.#receiver.head(answer)
    }
    const { pieces, ending } = answer
    while (this.#pieces < pieces.length && left >= this.#pieceLeft) {
      left -= this.#pieceLeft
      const index = this.#pieces++
      this.#pieceLeft = pieces[this.#pieces]?.length ?? 0
      if (index < pieces.length - 1 || ending !== 'complete') this.#receiver.piece(answer, index)
    }
    this.#pieceLeft -= left
    if (this.#pieces < pieces.length || ending !== 'complete') return
    this.#isOver = true
    this.#receiver.whole(answer)
  }
}

const EMPTY = Buffer.alloc(0)

function requestBytes(question: Question, id: string): Buffer {
  const { method, path, body } = question
  const headers = Object.entries(headersOf(question, id)).map(([name, value]) => `${name}: ${value}\r\n`)
  const framing = body.length === 0 ? '' : `content-length: ${body.length}\r\n`
  const head = `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1:50000\r\nconnection: keep-alive\r\nvia: 1.1 gatecrash-00000000-0000\r\n${headers.join('')}${framing}\r\n`
  return Buffer.concat([Buffer.from(head), body])
}

const heads = new WeakMap<SentAnswer, Buffer>()

function headBytes(answer: SentAnswer): Buffer {
  let head = heads.get(answer)
  if (!head) {
    const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const date = 'date: Thu, 01 Jan 1970 00:00:00 GMT\r\n'
    head = Buffer.from(`HTTP/1.1 ${answer.status} Some Reason\r\n${headers.join('')}${date}connection: keep-alive\r\n\r\n`)
    heads.set(answer, head)
  }
  return head
}
