// One client request of the simulation, from the load to its answer: the exchange of the live gateway and the client's own account of it.
//
//   due ─▶ sent ─▶ gateway: admission ─▶ serve, driven ─▶ answer ─▶ client: classified, told in one event
import { bodySum } from '../contract/body-checksum.ts'
import { marks } from '../contract/headers.ts'
import type { KeptResponse } from '../gateway/cache/kept-response.ts'
import { headTooLate } from '../gateway/request/head-time.ts'
import { unread } from '../gateway/request/read-body.ts'
import { type Refusal, refusalAnswer, servedRefusal } from '../gateway/request/refusal.ts'
import { substituteResponse } from '../gateway/request/substitute-response.ts'
import type { Ms } from '../kernel/clock.ts'
import type { Arrival } from '../plan/arrivals.ts'
import type { Driven } from '../policies/drive.ts'
import type { AttemptEffect } from '../policies/effects.ts'
import type { Served, ServeRequest } from '../policies/serve.ts'
import { AnswerMeter, type AnswerAsks, type KnownBodies, measuresAtOnce } from '../stage/live/load/answer-meter.ts'
import type { Ending } from '../stage/live/load/classify.ts'
import type { Actor } from './event-queue.ts'
import { SlowBody, slowHead } from './gateway/slow-client.ts'
import type { SimulatedGateway } from './gateway/gateway.ts'
import { type Relay, Transfer } from './gateway/transfer.ts'
import type { SimulatedUpstream } from './gateway/upstream.ts'
import { byName, type Given, joined, marksOf } from './given-answer.ts'
import { cachedOf, type Question } from './questions.ts'
import type { World } from './world.ts'

const RECEIVED = 0
const WHOLE = 1
const PIECE = 2
const ENDED = 3
const CUT = 4
const GONE = 5
const TOO_LATE = 6

/** Who has sent it. */
export interface Client {
  readonly asks: AnswerAsks
  readonly knownBodies: KnownBodies
  ended(exchange: Exchange, ending: Ending): void
}

export class Exchange implements Actor, Relay {
  readonly arrival: Arrival
  readonly id: string
  readonly due: Ms
  readonly sent: Ms
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
  #driven: Driven | undefined
  #isAtWork = false
  #receivedAt: Ms = 0
  #given: Given | undefined
  /** Of an answer that is handed on as it arrives: how long each piece is on its way, and the pieces that are. */
  #toClientMs: Ms = 0
  #underWay: Buffer[] = []
  #meter: AnswerMeter | undefined

  constructor(world: World, client: Client, gateway: SimulatedGateway, arrival: Arrival, question: Question, id: string, sent: Ms) {
    this.#world = world
    this.#client = client
    this.#gateway = gateway
    this.arrival = arrival
    this.#question = question
    this.id = id
    this.due = world.origin + arrival.dueMs
    this.sent = sent
    // Refusals have seen to it that every path names an upstream, or closes a breaker by hand.
    this.#upstream = gateway.upstreams.get(question.upstream)!
    const overMs = arrival.route.sendHeadOverMs
    if (overMs === undefined) world.queue.at(sent + world.legs.toGateway(), this, RECEIVED)
    else {
      const { at, isTooLate } = slowHead(world, gateway, { sent, overMs })
      world.queue.at(at, this, isTooLate ? TOO_LATE : RECEIVED)
    }
  }

  happen(what: number): void {
    if (what === RECEIVED) this.#receive()
    else if (what === GONE) this.#gone()
    else if (this.isOver) return
    else if (what === TOO_LATE) this.#refuseLateHead()
    else if (what === WHOLE) this.#tellWhole()
    else if (what === PIECE) this.#meterPiece(this.#underWay.shift()!)
    else if (what === ENDED) this.#client.ended(this, this.#answered())
    else this.#client.ended(this, { is: 'broken', status: this.#given!.status, code: 'UND_ERR_SOCKET', answer: this.#measured(false) })
  }

  /** The client waits no longer; the gateway hears of it when its connection closes. */
  giveUp(): void {
    const status = this.#meter ? this.#given!.status : 0
    this.#client.ended(this, {
      is: 'given_up',
      status,
      code: 'client_timeout',
      ...(this.#meter && { answer: this.#measured(false) }),
    })
    this.#world.queue.at(this.#world.queue.now() + this.#world.legs.toGateway(), this, GONE)
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
      return this.#giveOwn(this.#gateway.operators.reset(resets, this.id))
    const refusal = this.#gateway.refusal(this.#question, this.id, upstream)
    if (refusal) return this.#giveRefusal(refusal, 0)
    this.#isAtWork = true
    this.#gateway.inFlight++
    upstream.inFlight++
    const { body, route } = this.#question
    if (route.sendOverMs === undefined || body.length === 0) return this.#serve()
    this.#body = new SlowBody(this.#world, this.#gateway, { body, overMs: route.sendOverMs }, (read) => {
      if (read.is === 'whole') this.#serve()
      // One that is too large was refused by its head.
      else if (read.is === 'too_slow' || read.is === 'no_room') this.#giveRefusal(unread[read.is], 0)
    })
  }

  #serve(): void {
    const upstream = this.#upstream
    const { stack, standIn, cache } = upstream
    const cacheable = cache && cachedOf(this.#question, this.id, cache)
    const asked: ServeRequest<KeptResponse> = {
      method: this.#question.method,
      idempotent: this.#question.isIdempotent,
      replayable: true,
      cacheable,
    }
    const open = (effect: AttemptEffect, listener: ConstructorParameters<typeof Transfer>[4]): Transfer =>
      new Transfer(effect, effect.upstream === upstream.name ? upstream : standIn!, this.#question, this.id, listener)
    const { serve, drive } = this.#world.policies
    this.#driven = drive(serve(stack, standIn?.stack, asked), { clock: this.#world.queue, open }, (served, transfer) => {
      if (cacheable && transfer?.answer && served.source === 'upstream') {
        const { status, headers, pieces } = transfer.answer
        const body = transfer.isWhole && status !== 205 ? joined(pieces) : undefined
        cacheable.hear({ status, headers, body, tookMs: this.#world.queue.now() - transfer.effect.startedAt }, transfer.isWhole)
      }
      this.#give(served, transfer)
    })
  }

  #give(served: Served<KeptResponse>, transfer: Transfer | undefined): void {
    if (served.outcome === 'client_gone') return this.#leave()
    if (served.source === 'none') return this.#giveRefusal(servedRefusal(this.#upstream.name, served), served.attempts)
    const marked = marksOf(served, this.id, this.#responseTime())
    if ('substitute' in served) {
      const { status, headers, body } = substituteResponse(served.substitute)
      return this.#giveWhole({ status, headers: { ...byName(headers), ...marked }, pieces: body ? [body] : [] })
    }
    const { status, headers, pieces } = transfer!.answer! // it is part of what was served
    const given: Given = { status, headers: { ...headers, ...marked }, pieces }
    if (transfer!.isWhole) {
      const { json } = transfer!.answer!
      if (json) given.sum = json.sum
      return this.#giveWhole(given)
    }
    this.#given = given
    this.#toClientMs = this.#world.legs.toClient()
    // The head travels as a piece without bytes.
    this.piece(NOTHING)
    transfer!.stream(this, served.deadline)
  }

  #giveRefusal(refusal: Refusal, attempts: number): void {
    // Ids of errors are random in a live gateway; here two runs must be the same.
    const { status, headers, body } = refusalAnswer(refusal, this.id, attempts, () => this.id)
    headers.push(marks.responseTime, this.#responseTime())
    const pieces = [Buffer.from(body)]
    this.#giveWhole({ status, headers: byName(headers), pieces, sum: bodySum(pieces) })
  }

  #giveOwn(given: Given): void {
    given.headers[marks.responseTime] = this.#responseTime()
    this.#giveWhole(given)
  }

  #giveWhole(given: Given): void {
    this.#given = given
    this.#leave()
    this.#world.queue.at(this.#world.queue.now() + this.#world.legs.toClient(), this, WHOLE)
  }

  piece(piece: Buffer): void {
    this.#underWay.push(piece)
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

  #responseTime(): string {
    return `${(this.#world.queue.now() - this.#receivedAt).toFixed(1)}ms`
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
    const { status, headers, sum } = this.#given!
    if (!sum || this.#question.method === 'HEAD') {
      this.#meterWhole()
      return this.#client.ended(this, this.#answered())
    }
    const json = () => {
      this.#meterWhole()
      return this.#meter!.json()
    }
    const answer = measuresAtOnce(this.sent, this.#world.queue.now(), sum)
    this.#client.ended(this, { is: 'answered', status, headers, answer, json })
  }

  #meterWhole(): void {
    this.#meterPiece(NOTHING)
    if (this.#question.method !== 'HEAD') for (const piece of this.#given!.pieces) this.#meterPiece(piece)
  }

  #meterPiece(piece: Buffer): void {
    const now = this.#world.queue.now()
    if (!this.#meter) {
      this.#meter = new AnswerMeter(this.sent, this.#client.knownBodies, this.#client.asks)
      this.#meter.head(this.#given!.headers, now)
    }
    if (piece.length > 0) this.#meter.add(piece, now)
  }

  #answered(): Ending {
    const { status, headers } = this.#given!
    return { is: 'answered', status, headers, answer: this.#measured(true), json: () => this.#meter!.json() }
  }

  #measured(isWhole: boolean) {
    return this.#meter!.end(this.#world.queue.now(), isWhole)
  }
}

const NOTHING = Buffer.alloc(0)
