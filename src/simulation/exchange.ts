// One client request of the simulation, from the load to its answer: the exchange of the live gateway and the client's own account of it.
//
//   due ─▶ sent ─▶ gateway: admission ─▶ serve, driven ─▶ answer ─▶ client: classified, told in one event
import { marks } from '../contract/headers.ts'
import { refusals } from '../contract/refusals.ts'
import type { KeptResponse } from '../gateway/cache/kept-response.ts'
import { substituteResponse } from '../gateway/request/substitute-response.ts'
import type { Ms } from '../kernel/clock.ts'
import type { Arrival } from '../plan/arrivals.ts'
import { type Driven, drive } from '../policies/drive.ts'
import type { AttemptEffect } from '../policies/effects.ts'
import { serve, type Served, type ServedRefusal, type ServeRequest } from '../policies/serve.ts'
import { AnswerMeter } from '../stage/live/load/answer-meter.ts'
import type { Ending } from '../stage/live/load/classify.ts'
import type { Actor } from './event-queue.ts'
import type { SimulatedGateway } from './gateway/gateway.ts'
import { type Relay, Transfer } from './gateway/transfer.ts'
import type { SimulatedUpstream } from './gateway/upstream.ts'
import type { SimulatedLoad } from './load.ts'
import { cachedOf, type Question } from './questions.ts'
import type { World } from './world.ts'

const RECEIVED = 0
const WHOLE = 1
const PIECE = 2
const ENDED = 3
const CUT = 4
const GONE = 5

type Headers = Record<string, string>

/** What of an answer goes to the client at once. */
interface Given {
  status: number
  headers: Headers
  pieces: readonly Buffer[]
}

export class Exchange implements Actor, Relay {
  readonly arrival: Arrival
  readonly id: string
  readonly due: Ms
  readonly sent: Ms
  /** The client has its answer, or has given it up. */
  isOver = false
  readonly #world: World
  readonly #load: SimulatedLoad
  readonly #gateway: SimulatedGateway
  readonly #question: Question
  readonly #upstream: SimulatedUpstream
  #driven: Driven | undefined
  #isAtWork = false
  #given: Given | undefined
  /** Of an answer that is handed on as it arrives: how long each piece is on its way, and the pieces that are. */
  #toClientMs: Ms = 0
  #underWay: Buffer[] = []
  #meter: AnswerMeter | undefined

  constructor(world: World, load: SimulatedLoad, gateway: SimulatedGateway, arrival: Arrival, question: Question, id: string, sent: Ms) {
    this.#world = world
    this.#load = load
    this.#gateway = gateway
    this.arrival = arrival
    this.#question = question
    this.id = id
    this.due = world.origin + arrival.dueMs
    this.sent = sent
    // Refusals have seen to it that every path names an upstream.
    this.#upstream = gateway.upstreams.get(question.upstream)!
    world.queue.at(sent + world.legs.toGateway(), this, RECEIVED)
  }

  happen(what: number): void {
    if (what === RECEIVED) this.#receive()
    else if (what === GONE) this.#gone()
    else if (this.isOver) return
    else if (what === WHOLE) this.#tellWhole()
    else if (what === PIECE) this.#meterPiece(this.#underWay.shift()!)
    else if (what === ENDED) this.#load.ended(this, this.#answered())
    else this.#load.ended(this, { is: 'broken', status: this.#given!.status, code: 'UND_ERR_SOCKET', answer: this.#measured(false) })
  }

  /** The client waits no longer; the gateway hears of it when its connection closes. */
  giveUp(): void {
    const status = this.#meter ? this.#given!.status : 0
    this.#load.ended(this, {
      is: 'given_up',
      status,
      code: 'client_timeout',
      ...(this.#meter && { answer: this.#measured(false) }),
    })
    this.#world.queue.at(this.#world.queue.now() + this.#world.legs.toGateway(), this, GONE)
  }

  // In the gateway.

  #receive(): void {
    const upstream = this.#upstream
    const refusal = this.#gateway.refusal(this.#question, this.id, upstream)
    if (refusal) return this.#giveRefusal(refusal, 0)
    this.#isAtWork = true
    this.#gateway.inFlight++
    upstream.inFlight++
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
    if (served.source === 'none') return this.#giveRefusal(served.reason, served.attempts)
    const marked = marksOf(served)
    if ('substitute' in served) {
      const { status, headers, body } = substituteResponse(served.substitute)
      return this.#giveWhole({ status, headers: { ...byName(headers), ...marked }, pieces: body ? [body] : [] })
    }
    const { status, headers, pieces } = transfer!.answer! // it is part of what was served
    const given: Given = { status, headers: { ...headers, ...marked }, pieces }
    if (transfer!.isWhole) return this.#giveWhole(given)
    this.#given = given
    this.#toClientMs = this.#world.legs.toClient()
    // The head travels as a piece without bytes.
    this.piece(NOTHING)
    transfer!.stream(this, served.deadline)
  }

  #giveRefusal(reason: ServedRefusal['reason'], attempts: number): void {
    const { status, outcome } = refusals[reason]
    const headers: Headers = {
      'content-type': 'application/json; charset=utf-8',
      [marks.error]: reason,
      [marks.outcome]: outcome,
      [marks.attempts]: String(attempts),
    }
    this.#giveWhole({ status, headers, pieces: [refusalBody(reason)] })
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
    this.#driven?.abort()
    this.#leave()
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
    this.#meterPiece(NOTHING)
    if (this.#question.method !== 'HEAD') for (const piece of this.#given!.pieces) this.#meterPiece(piece)
    this.#load.ended(this, this.#answered())
  }

  #meterPiece(piece: Buffer): void {
    const now = this.#world.queue.now()
    if (!this.#meter) {
      this.#meter = new AnswerMeter(this.sent, this.#load.knownBodies, this.#load.asks)
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

function marksOf({ source, outcome, reason, attempts }: Exclude<Served<KeptResponse>, { source: 'none' }>): Headers {
  const told: Headers = { [marks.outcome]: outcome, [marks.attempts]: String(attempts) }
  if (source !== 'upstream') Object.assign(told, { [marks.fallback]: source, [marks.fallbackReason]: reason })
  return told
}

function joined(pieces: readonly Buffer[]): Buffer {
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
}

function byName(flat: readonly string[]): Headers {
  const headers: Headers = {}
  for (let at = 0; at < flat.length; at += 2) headers[flat[at]!.toLowerCase()] = flat[at + 1]!
  return headers
}

const bodies = new Map<string, Buffer>()

/** The gateway's envelope, without the ids that make each one different. */
function refusalBody(reason: ServedRefusal['reason']): Buffer {
  let body = bodies.get(reason)
  if (!body) {
    const { code, message, retryable } = refusals[reason]
    body = Buffer.from(JSON.stringify({ error: { code, message, technical_message: reason, retryable, error_id: '', request_id: '' } }))
    bodies.set(reason, body)
  }
  return body
}
