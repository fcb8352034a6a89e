// Requests that shared the call of another one: they have no attempt of their own, and the same end at the same time.
// The gateway neither refused them nor answered by itself, whatever came of the call.
//
//   first   ──▶ attempt ──▶ 503 ··· attempt ──▶ 503 ──▶ client: 503
//   second        ──▶ waits ──────────────────────────▶ client: 503, too
import type { Ms } from '../../../kernel/clock.ts'
import type { RequestEvent } from '../../events.ts'

/** How far apart two ends of one call may be seen: of a short wait half, or what refused it at once might seem to share. */
const TOGETHER = { least: 3, most: 10 }

/** Traces are handed on about in the order of their ends: no more than so much out of it. */
const LATER: Ms = 1000

interface Call {
  sent: Ms
  /** When its last attempt ended. */
  overMs: Ms
  t: Ms
}

interface Untried<Mark> {
  request: RequestEvent
  key: string
  mark: Mark
}

/** `Mark`: what the caller keeps with a request without an attempt until it is told whether that one shared a call. */
export class SharedCalls<Mark> {
  readonly #onTold: (mark: Mark, isShared: boolean) => void
  /** By what they ask and how they ended, about in the order of their ends. */
  readonly #calls = new Map<string, Call[]>()
  #waiting: Untried<Mark>[] = []
  #nowMs: Ms = Number.NEGATIVE_INFINITY
  #forgetAt: Ms = Number.NEGATIVE_INFINITY

  constructor(onTold: (mark: Mark, isShared: boolean) => void) {
    this.#onTold = onTold
  }

  /** A request that was tried; `question`: its route and the upstream. */
  tried(request: RequestEvent, question: string, overMs: Ms): void {
    const key = keyOf(request, question)
    const call = { sent: request.sent, overMs, t: request.t }
    let calls = this.#calls.get(key)
    if (calls) calls.push(call)
    else this.#calls.set(key, (calls = [call]))
    this.#pass(request.t)
    const old = this.#nowMs - 2 * LATER
    if (calls[0]!.t < old - 2 * LATER)
      calls.splice(
        0,
        calls.findIndex(({ t }) => t >= old),
      )
    if (this.#nowMs >= this.#forgetAt) this.#forget(old)
  }

  /** One that was not. */
  untried(request: RequestEvent, question: string, mark: Mark): void {
    this.#waiting.push({ request, key: keyOf(request, question), mark })
    this.#pass(request.t)
  }

  /** To look at all costs something: it is done now and then. */
  #forget(old: Ms): void {
    this.#forgetAt = this.#nowMs + LATER
    for (const [key, calls] of this.#calls) if (calls.at(-1)!.t < old) this.#calls.delete(key)
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
    let settled = 0
    while (settled < this.#waiting.length && this.#waiting[settled]!.request.t <= until) {
      const { request, key, mark } = this.#waiting[settled++]!
      this.#onTold(mark, this.#isShared(request, this.#calls.get(key) ?? []))
    }
    if (settled > 0) this.#waiting = this.#waiting.slice(settled)
  }

  #isShared(request: RequestEvent, calls: readonly Call[]): boolean {
    for (let at = calls.length - 1; at >= 0 && calls[at]!.t >= request.t - LATER; at--) if (sharesCall(request, calls[at]!)) return true
    return false
  }
}

function sharesCall({ sent, t }: RequestEvent, call: Call): boolean {
  const together = Math.min(TOGETHER.most, Math.max(TOGETHER.least, (t - sent) / 2))
  return call.sent <= sent && sent < call.overMs && Math.abs(call.t - t) <= together
}

const keyOf = ({ outcome, status, length, checksum }: RequestEvent, question: string): string =>
  `${question} ${outcome} ${status} ${length} ${checksum}`
