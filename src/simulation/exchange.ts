// One client request of the simulation, from the load to its answer: the exchange of the live gateway and the client's own account of it.
//
//   due ─▶ sent ─▶ gateway: admission ─▶ serve, driven ─▶ answer ─▶ client: classified, told in one event
import type { BodySum } from '../contract/body-checksum.ts'
import { joined } from '../contract/piece.ts'
import type { KeptResponse } from '../gateway/cache/kept-response.ts'
import { headTooLate } from '../gateway/request/head-time.ts'
import { unread } from '../gateway/request/read-body.ts'
import { type Refusal, servedRefusal } from '../gateway/request/refusal.ts'
import type { Ms } from '../kernel/clock.ts'
import type { Arrival } from '../plan/arrivals.ts'
import type { AttemptListener, Driven, Means } from '../policies/drive.ts'
import type { AttemptEffect } from '../policies/effects.ts'
import type { Served } from '../policies/serve.ts'
import type { Ending } from '../stage/live/load/classify.ts'
import { ClientAnswer, type Reader } from './client-answer.ts'
import type { Actor } from './event-queue.ts'
import { SlowBody, slowHead } from './gateway/slow-client.ts'
import type { SimulatedGateway } from './gateway/gateway.ts'
import { type Relay, Transfer } from './gateway/transfer.ts'
import type { SimulatedUpstream } from './gateway/upstream.ts'
import { classifyingMarks, type Given, givenRefusal, givenSubstitute, marked, timed } from './given-answer.ts'
import { type AskedQuestion, askedOf, type Question } from './questions.ts'
import type { World } from './world.ts'

const RECEIVED = 0
const WHOLE = 1
const PIECE = 2
const ENDED = 3
const CUT = 4
const GONE = 5
const TOO_LATE = 6

/** Who has sent it. */
export interface Client extends Reader {
  /** It looks for something in the headers of answers, beyond what it classifies them by. */
  readonly readsHeaders: boolean
  /** `sum`: of an answer that came at once, and whose body is known to be JSON. Nothing else was measured of it then. */
  ended(exchange: Exchange, ending: Ending, sum?: BodySum): void
}

export class Exchange implements Actor, Means<Served<KeptResponse>, Transfer>, Relay {
  readonly arrival: Arrival
  readonly id: string
  readonly sent: Ms
  readonly clock: World['queue']
  /** The client has its answer, or has given it up. */
  isOver = false
  /** Its neighbours among those under way; the client's own. */
  older: Exchange | undefined
  newer: Exchange | undefined
  readonly #world: World
  readonly #client: Client
  readonly #gateway: SimulatedGateway
  readonly #question: Question
  readonly #upstream: SimulatedUpstream
  #body: SlowBody | undefined
  #asked: AskedQuestion | undefined
  #driven: Driven | undefined
  #isAtWork = false
  #receivedAt: Ms = 0
  #given: Given | undefined
  /** What the client has read of it; of an answer that came at once, when somebody wants to know. */
  #read: ClientAnswer | undefined
  /** Of an answer that is handed on as it arrives: how long each piece is on its way. */
  #toClientMs: Ms = 0

  constructor(world: World, client: Client, gateway: SimulatedGateway, arrival: Arrival, question: Question, id: string, sent: Ms) {
    this.#world = world
    this.clock = world.queue
    this.#client = client
    this.#gateway = gateway
    this.arrival = arrival
    this.#question = question
    this.id = id
    this.sent = sent
    this.#upstream = gateway.upstreamOf(question)
    const overMs = arrival.route.sendHeadOverMs
    if (overMs === undefined) world.queue.at(sent + world.legs.toGateway.next(), this, RECEIVED)
    else {
      const { at, isTooLate } = slowHead(world, gateway, { sent, overMs })
      world.queue.at(at, this, isTooLate ? TOO_LATE : RECEIVED)
    }
  }

  get due(): Ms {
    return this.#world.origin + this.arrival.dueMs
  }

  happen(what: number): void {
    if (what === RECEIVED) this.#receive()
    else if (what === GONE) this.#gone()
    else if (this.isOver) return
    else if (what === TOO_LATE) this.#refuseLateHead()
    else if (what === WHOLE) this.#tellWhole()
    else if (what === PIECE) this.#read!.piece(this.clock.now())
    else if (what === ENDED) this.#client.ended(this, this.#read!.answered(this.clock.now()))
    else this.#client.ended(this, this.#read!.broken(this.clock.now()))
  }

  /** The client waits no longer; the gateway hears of it when its connection closes. */
  giveUp(): void {
    this.#client.ended(this, this.#read?.givenUp(this.clock.now()) ?? UNANSWERED)
    this.#world.queue.at(this.#world.queue.now() + this.#world.legs.toGateway.next(), this, GONE)
  }

  // In the gateway.

  #refuseLateHead(): void {
    this.#receivedAt = this.#world.queue.now()
    this.#giveRefusal(headTooLate, 0)
  }

  #receive(): void {
    // Who has gone while the head was on its way has sent no request.
    if (this.isOver && this.arrival.route.sendHeadOverMs !== undefined) return
    const upstream = this.#upstream
    this.#receivedAt = this.#world.queue.now()
    const { resets } = this.#question
    if (resets !== undefined && !this.#gateway.upstreams.has(this.#question.upstream))
      return this.#giveWhole(timed(this.#gateway.operators.reset(resets, this.id), this.#tookMs))
    const refusal = this.#gateway.refusal(this.#question, this.id, upstream)
    if (refusal) return this.#giveRefusal(refusal, 0)
    this.#isAtWork = true
    this.#gateway.inFlight++
    upstream.inFlight++
    const { body, route } = this.#question
    if (route.sendOverMs === undefined || body.length === 0) this.#serve()
    else this.#readBody(body, route.sendOverMs)
  }

  #readBody(body: Buffer, overMs: Ms): void {
    this.#body = new SlowBody(this.#world, this.#gateway, { body, overMs }, (read) => {
      if (read.is === 'whole') this.#serve()
      // One that is too large was refused by its head.
      else if (read.is === 'too_slow' || read.is === 'no_room') this.#giveRefusal(unread[read.is], 0)
    })
  }

  #serve(): void {
    const upstream = this.#upstream
    const { stack, standIn, cache } = upstream
    const asked = askedOf(this.#question, this.id, cache)
    this.#asked = asked
    const { serve, drive } = this.#world.policies
    this.#driven = drive(serve(stack, standIn?.stack, asked), this)
  }

  /** One attempt of it. */
  open(effect: AttemptEffect, listener: AttemptListener<Transfer>): Transfer {
    const upstream = this.#upstream
    return new Transfer(effect, effect.upstream === upstream.name ? upstream : upstream.standIn!, this.#question, this.id, listener)
  }

  ended(served: Served<KeptResponse>, transfer: Transfer | undefined): void {
    const { cacheable } = this.#asked! // it was asked before it was served
    if (cacheable && transfer?.answer && served.source === 'upstream') {
      const { status, headers, pieces, json } = transfer.answer
      const body = transfer.isWhole && status !== 205 ? (json ?? joined(pieces)) : undefined
      cacheable.hear({ status, headers, body, tookMs: this.#world.queue.now() - transfer.effect.startedAt }, transfer.isWhole)
    }
    this.#give(served, transfer)
  }

  #give(served: Served<KeptResponse>, transfer: Transfer | undefined): void {
    if (served.outcome === 'client_gone') return this.#leave()
    if (served.source === 'none') return this.#giveRefusal(servedRefusal(this.#upstream.name, served), served.attempts)
    if ('substitute' in served)
      return this.#giveWhole(givenSubstitute(served, this.id, this.#tookMs, this.#question.method, this.#client.readsHeaders))
    const answer = transfer!.answer! // it is part of what was served
    const { status, headers, pieces } = answer
    if (transfer!.isWhole) {
      const sum = this.#question.method === 'HEAD' ? undefined : answer.json
      // Of a body that is measured already, headers tell nothing more.
      const told = sum && !this.#client.readsHeaders ? classifyingMarks(served) : marked(headers, served, this.id, this.#tookMs)
      return this.#giveWhole({ is: 'answered', status, headers: told, pieces, sum })
    }
    this.#given = { is: 'answered', status, headers: marked(headers, served, this.id, this.#tookMs), pieces, sum: undefined }
    this.#toClientMs = this.#world.legs.toClient.next()
    this.#read = new ClientAnswer(this.#given, this.sent, this.#client)
    // The head travels as a piece without bytes.
    this.piece(NOTHING)
    transfer!.stream(this, served.deadline)
  }

  #giveRefusal(refusal: Refusal, attempts: number): void {
    this.#giveWhole(givenRefusal(refusal, attempts, this.#question.method, this.id, this.#tookMs))
  }

  #giveWhole(given: Given): void {
    this.#given = given
    this.#leave()
    this.#world.queue.at(this.#world.queue.now() + this.#world.legs.toClient.next(), this, WHOLE)
  }

  piece(piece: Buffer): void {
    this.#read!.send(piece)
    this.#world.queue.at(this.#world.queue.now() + this.#toClientMs, this, PIECE)
  }

  end(): void {
    this.#leave()
    this.#world.queue.at(this.#world.queue.now() + this.#toClientMs, this, ENDED)
  }

  cut(): void {
    this.#leave()
    this.#world.queue.at(this.#world.queue.now() + this.#toClientMs, this, CUT)
  }

  #gone(): void {
    this.#body?.gone()
    this.#driven?.abort()
    this.#leave()
  }

  get #tookMs(): Ms {
    return this.#world.queue.now() - this.#receivedAt
  }

  /** It is no longer in the gateway. */
  #leave(): void {
    if (!this.#isAtWork) return
    this.#isAtWork = false
    this.#gateway.inFlight--
    this.#upstream.inFlight--
  }

  // At the client.

  #tellWhole(): void {
    const given = this.#given! // it is here
    if (given.sum) this.#client.ended(this, given, given.sum)
    else this.#client.ended(this, this.#readWhole().answered(this.clock.now()))
  }

  /** The body of its answer, read when somebody wants to. */
  json(): ReturnType<ClientAnswer['json']> {
    return (this.#read ?? this.#readWhole()).json()
  }

  #readWhole(): ClientAnswer {
    this.#read = new ClientAnswer(this.#given!, this.sent, this.#client)
    this.#read.whole(this.#question.method !== 'HEAD', this.clock.now())
    return this.#read
  }
}

const NOTHING = Buffer.alloc(0)
const UNANSWERED: Ending = { is: 'given_up', status: 0, code: 'client_timeout' }
