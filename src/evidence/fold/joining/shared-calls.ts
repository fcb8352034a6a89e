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

/** Calls that asked the same, and ended in the same way and with one checksum. */
interface Alike extends Pick<RequestEvent, 'outcome' | 'status'> {
  length: number | undefined
  calls: Call[]
}

interface Untried<Mark> {
  request: RequestEvent
  question: number
  mark: Mark
}

/** `Mark`: what the caller keeps with a request without an attempt until it is told whether that one shared a call. */
export class SharedCalls<Mark> {
  readonly #onTold: (mark: Mark, isShared: boolean) => void
  /** By what they ask, then by checksum; calls are about in the order of their ends. */
  readonly #asked: Map<string | undefined, Alike[]>[] = []
  #waiting: Untried<Mark>[] = []
  #nowMs: Ms = Number.NEGATIVE_INFINITY
  #forgetAt: Ms = Number.NEGATIVE_INFINITY

  constructor(onTold: (mark: Mark, isShared: boolean) => void) {
    this.#onTold = onTold
  }

  /** A request that was tried; `question`: a small number for its route and the upstream. */
  tried(request: RequestEvent, question: number, overMs: Ms): void {
    const { outcome, status, length, checksum } = request
    const call = { sent: request.sent, overMs, t: request.t }
    const byChecksum = (this.#asked[question] ??= new Map<string | undefined, Alike[]>())
    let alike = byChecksum.get(checksum)
    if (!alike) byChecksum.set(checksum, (alike = []))
    let calls = callsLike(alike, request)
    if (calls) calls.push(call)
    else alike.push({ outcome, status, length, calls: (calls = [call]) })
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
  untried(request: RequestEvent, question: number, mark: Mark): void {
    this.#waiting.push({ request, question, mark })
    this.#pass(request.t)
  }

  /** To look at all costs something: it is done now and then. */
  #forget(old: Ms): void {
    this.#forgetAt = this.#nowMs + LATER
    const isOld = ({ calls }: Alike): boolean => calls.at(-1)!.t < old
    for (const byChecksum of this.#asked)
      for (const [checksum, alike] of byChecksum ?? []) {
        if (alike.every(isOld)) byChecksum.delete(checksum)
        else if (alike.some(isOld))
          byChecksum.set(
            checksum,
            alike.filter((each) => !isOld(each)),
          )
      }
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
      const { request, question, mark } = this.#waiting[settled++]!
      const calls = callsLike(this.#asked[question]?.get(request.checksum) ?? [], request)
      this.#onTold(mark, this.#isShared(request, calls ?? []))
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

function callsLike(all: readonly Alike[], { outcome, status, length }: RequestEvent): Call[] | undefined {
  for (const each of all) if (each.status === status && each.outcome === outcome && each.length === length) return each.calls
  return undefined
}
