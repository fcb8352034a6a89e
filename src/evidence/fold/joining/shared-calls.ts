// Requests that shared the call of another one: they have no attempt of their own, and the same end at the same time.
// The gateway neither refused them nor answered by itself, whatever came of the call.
//
//   first   ──▶ attempt ──▶ 503 ··· attempt ──▶ 503 ──▶ client: 503
//   second        ──▶ waits ──────────────────────────▶ client: 503, too
import { sumNumber } from '../../../contract/body-checksum.ts'
import { outcomePlace } from '../../../contract/outcome.ts'
import type { Ms } from '../../../kernel/clock.ts'
import type { RequestEvent } from '../../events.ts'
import { WaitingLine } from './waiting-line.ts'

/** How far apart two ends of one call may be seen: of a short wait half, or what refused it at once might seem to share. */
const TOGETHER = { least: 3, most: 10 }

/** Traces are handed on about in the order of their ends: no more than so much out of it. */
const LATER: Ms = 1000

// Calls are looked for by the time of their end: those of one slot ended within so long.
const SLOT: Ms = 16
/** A power of two, for two seconds and a little: by then, what may share a call has been told of and settled. */
const SLOTS = 128

/** What a call is known by again, in numbers alone: what its event refers to would be old by the time that the collector comes. */
interface Call {
  question: number
  sent: Ms
  t: Ms
  /** When its last attempt ended. */
  overMs: Ms
  /** Its place. */
  outcome: number
  status: number
  length: number | undefined
  checksum: number | undefined
}

interface Untried<Mark> {
  request: RequestEvent
  question: number
  mark: Mark
}

/** `Mark`: what the caller keeps with a request without an attempt until it is told whether that one shared a call. */
export class SharedCalls<Mark> {
  readonly #onTold: (mark: Mark, isShared: boolean) => void
  /** By time, again and again; `#since`: the number of the slot's time, since its calls are of that time alone. */
  readonly #calls: Call[][] = Array.from({ length: SLOTS }, () => [])
  /** How many of a slot's calls are of its time: those after them are written over. */
  readonly #counts: number[] = Array.from({ length: SLOTS }, () => 0)
  readonly #since: number[] = Array.from({ length: SLOTS }, () => Number.NEGATIVE_INFINITY)
  readonly #waiting = new WaitingLine<Untried<Mark>>()
  #nowMs: Ms = Number.NEGATIVE_INFINITY

  constructor(onTold: (mark: Mark, isShared: boolean) => void) {
    this.#onTold = onTold
  }

  /** A request that was tried; `question`: a small number for its route and the upstream. */
  tried(request: RequestEvent, question: number, overMs: Ms): void {
    // Before what it may have to give way to is forgotten.
    this.#pass(request.t)
    const time = Math.floor(request.t / SLOT)
    const slot = slotOf(time)
    if (time < this.#since[slot]!) return
    if (time > this.#since[slot]!) {
      this.#since[slot] = time
      this.#counts[slot] = 0
    }
    const calls = this.#calls[slot]!
    const place = this.#counts[slot]!++
    const call = calls[place]
    const { sent, t, status, length } = request
    const outcome = outcomePlace(request.outcome)
    const checksum = sumNumber(request)
    if (!call) return void calls.push({ question, sent, t, overMs, outcome, status, length, checksum })
    call.question = question
    call.sent = sent
    call.t = t
    call.overMs = overMs
    call.outcome = outcome
    call.status = status
    call.length = length
    call.checksum = checksum
  }

  /** One that was not. */
  untried(request: RequestEvent, question: number, mark: Mark): void {
    this.#waiting.join({ request, question, mark })
    this.#pass(request.t)
  }

  finish(): void {
    this.#settle(Number.POSITIVE_INFINITY)
  }

  #pass(t: Ms): void {
    if (t <= this.#nowMs) return
    this.#nowMs = t
    this.#settle(t - LATER)
  }

  #settle(until: Ms): void {
    for (let first = this.#waiting.first; first && first.request.t <= until; first = this.#waiting.first) {
      this.#waiting.leave()
      this.#onTold(first.mark, this.#isShared(first.request, first.question))
    }
  }

  #isShared(request: RequestEvent, question: number): boolean {
    const last = Math.floor((request.t + TOGETHER.most) / SLOT)
    for (let time = Math.floor((request.t - TOGETHER.most) / SLOT); time <= last; time++) {
      const slot = slotOf(time)
      if (this.#since[slot] !== time) continue
      const calls = this.#calls[slot]!
      for (let at = 0; at < this.#counts[slot]!; at++) if (calls[at]!.question === question && sharesCall(request, calls[at]!)) return true
    }
    return false
  }
}

/** The remainder, of times before the clock's zero too. `%` takes far longer: the engine takes times for fractions. */
const slotOf = (time: number): number => time & (SLOTS - 1)

function sharesCall(request: RequestEvent, call: Call): boolean {
  const { sent, t, status, length } = request
  const together = Math.min(TOGETHER.most, Math.max(TOGETHER.least, (t - sent) / 2))
  if (call.sent > sent || sent >= call.overMs || Math.abs(call.t - t) > together) return false
  return (
    call.status === status &&
    call.outcome === outcomePlace(request.outcome) &&
    call.length === length &&
    call.checksum === sumNumber(request)
  )
}
