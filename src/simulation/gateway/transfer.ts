// One attempt of the simulated gateway. It goes through the phases of the live one (gateway/upstream/transfer.ts), on a modelled way.
//
//   waiting ─head─▶ holding ─whole─▶ over                    outcome: a complete response
//                      └─ over the commit limit, or a stream ─▶ offered ─▶ streaming, discarding ─▶ over
import { keyHash } from '../../contract/key-hash.ts'
import { bytesIn } from '../../contract/piece.ts'
import type { AttemptEvent } from '../../evidence/events.ts'
import type { Expiring } from '../../gateway/upstream/deadlines.ts'
import { saysStream } from '../../gateway/upstream/stream-kind.ts'
import type { Ms } from '../../kernel/clock.ts'
import type { AttemptListener, OpenAttempt } from '../../policies/drive.ts'
import type { AttemptEffect, AttemptOutcome } from '../../policies/effects.ts'
import type { Actor } from '../event-queue.ts'
import type { SentAnswer } from '../fake/answering.ts'
import type { Question } from '../questions.ts'
import type { Connection } from './pool.ts'
import type { SimulatedUpstream } from './upstream.ts'
import type { Receiver, Way } from './way.ts'

/** Who hands a body on while it arrives. */
export interface Relay {
  piece(piece: Buffer): void
  end(): void
  /** The body broke off. */
  cut(): void
}

/** `idleMs`: between two pieces. `endsAt`: when the call's total time is over. */
interface HandingOn {
  relay: Relay
  idleMs: Ms
  endsAt: Ms
}

const REFUSED = 0
const CLOSED = 1

export class Transfer implements OpenAttempt, Receiver, Expiring, Actor {
  deadline: Expiring['deadline']
  readonly effect: AttemptEffect
  /** As far as it has arrived; undefined before its head. */
  answer: SentAnswer | undefined
  isWhole = false
  readonly #upstream: SimulatedUpstream
  readonly #question: Question
  readonly #id: string
  readonly #listener: AttemptListener<Transfer>
  #phase: 'waiting' | 'holding' | 'offered' | 'streaming' | 'discarding' | 'over' = 'waiting'
  #connection: Connection | undefined
  #way: Way | undefined
  #isStream: boolean
  #pieces = 0
  #bytes = 0
  #handingOn: HandingOn | undefined

  constructor(effect: AttemptEffect, upstream: SimulatedUpstream, question: Question, id: string, listener: AttemptListener<Transfer>) {
    this.effect = effect
    this.#upstream = upstream
    this.#question = question
    this.#id = id
    this.#listener = listener
    this.#isStream = upstream.streams(question.method, question.place)
  }

  start(): void {
    const { world, pool, proxy } = this.#upstream
    const { timeoutMs, startedAt } = this.effect
    world.deadlines.set(this, timeoutMs, startedAt)
    const connection = pool.take()
    this.#connection = connection
    if (connection.ordinal < 0 && proxy?.isDown) return world.queue.at(world.queue.now() + world.legs.connect.next(), this, REFUSED)
    const connectMs = connection.ordinal < 0 ? pool.open(connection) : 0
    if (proxy && !connection.socket) return world.queue.at(world.queue.now() + connectMs, this, CLOSED)
    this.#tellHead(connection.ordinal, connectMs)
    this.#way = this.#upstream.way(this.#question, this.#id, this, connection, connectMs)
  }

  /** Hands the body on as it arrives; its head has been. `deadline`: when the call's total time is over. */
  stream(relay: Relay, deadline: Ms): void {
    this.#phase = 'streaming'
    const handingOn: HandingOn = this.#isStream
      ? { relay, idleMs: this.#upstream.settings.streamIdle, endsAt: Number.POSITIVE_INFINITY }
      : { relay, idleMs: this.effect.timeoutMs, endsAt: deadline }
    this.#handingOn = handingOn
    for (let at = 0; at < this.#pieces; at++) relay.piece(bytesIn(this.answer!.pieces[at]!))
    this.#keepTime(handingOn)
  }

  giveUp(): void {
    if (this.#phase === 'waiting' || this.#phase === 'holding') this.abort()
    if (this.#phase === 'offered') this.#phase = 'discarding'
  }

  abort(end: 'aborted' | 'timeout' = 'aborted'): void {
    if (this.#phase === 'over') return
    const begun = this.#phase !== 'waiting' && this.#phase !== 'holding'
    const how = this.#phase === 'discarding' ? 'aborted' : end
    this.#over()
    this.#way?.abort()
    this.#upstream.pool.close(this.#connection!)
    this.effect.release()
    if (begun) this.effect.bodyEnded(how)
  }

  expire(): void {
    if (this.#phase === 'waiting' || this.#phase === 'holding') {
      this.abort('timeout')
      this.#listener.settled(this, { is: 'timeout', attempt: this.effect.number })
    } else {
      const relay = this.#handingOn?.relay
      this.abort('timeout')
      relay?.cut()
    }
  }

  /** The connection was refused; or it was taken, and closed before anything was read from it. */
  happen(what: number): void {
    if (what === CLOSED) return this.broken()
    if (this.#phase === 'over') return
    this.#over()
    this.#upstream.pool.free(this.#connection!)
    this.effect.release()
    this.#listener.settled(this, { is: 'connection_error', attempt: this.effect.number, reached: 'no' })
  }

  head(answer: SentAnswer): void {
    if (this.#phase !== 'waiting') return
    this.answer = answer
    this.#phase = 'holding'
    this.#isStream ||= saysStream(answer.headers)
    if (this.#isStream) this.#offer()
  }

  piece(answer: SentAnswer, index: number): void {
    const piece = answer.pieces[index]!
    this.#pieces = index + 1
    this.#bytes += piece.length
    if (this.#phase === 'holding' && this.#bytes > this.#upstream.settings.commitBytes) this.#offer()
    else if (this.#phase === 'streaming') {
      this.#keepTime(this.#handingOn!)
      this.#handingOn!.relay.piece(bytesIn(piece))
    }
  }

  whole(answer: SentAnswer): void {
    if (this.#phase === 'waiting') this.head(answer)
    while (this.#pieces < answer.pieces.length) this.piece(answer, this.#pieces)
    const phase = this.#phase
    if (phase === 'over') return
    this.#over()
    this.#upstream.pool.free(this.#connection!)
    this.effect.release()
    if (phase === 'holding') {
      this.isWhole = true
      this.#listener.settled(this, this.#response(true))
    } else {
      this.effect.bodyEnded('complete')
      if (phase === 'streaming') this.#handingOn!.relay.end()
    }
  }

  broken(): void {
    const phase = this.#phase
    if (phase === 'over') return
    this.#over()
    this.#upstream.pool.close(this.#connection!)
    this.effect.release()
    if (phase === 'waiting' || phase === 'holding') {
      const reached = phase === 'holding' ? 'yes' : 'maybe'
      this.#listener.settled(this, { is: 'connection_error', attempt: this.effect.number, reached })
    } else {
      this.effect.bodyEnded(phase === 'discarding' ? 'aborted' : 'broken')
      if (phase === 'streaming') this.#handingOn!.relay.cut()
    }
  }

  #offer(): void {
    this.#phase = 'offered'
    this.#listener.settled(this, this.#response(false))
  }

  #response(complete: boolean): AttemptOutcome {
    const { status, headers } = this.answer!
    const retryAfter = headers['retry-after']
    const outcome = { is: 'response', attempt: this.effect.number, status, complete, stream: this.#isStream } as const
    return retryAfter === undefined ? outcome : { ...outcome, retryAfter }
  }

  #keepTime({ idleMs, endsAt }: HandingOn): void {
    const { deadlines, queue } = this.#upstream.world
    deadlines.set(this, Math.min(idleMs, endsAt - queue.now()))
  }

  #over(): void {
    this.#phase = 'over'
    this.#upstream.world.deadlines.lift(this)
  }

  #tellHead(connection: number, connectMs: Ms): void {
    const { world, name: upstream } = this.#upstream
    const { method, place: path, isKeyed } = this.#question
    const t = world.queue.now() + connectMs
    const event: AttemptEvent = { type: 'attempt', t, upstream, connection, request: this.#id, method, path }
    if (isKeyed) event.key = keyHash(this.#id)
    world.tell.attempt(event)
  }
}
