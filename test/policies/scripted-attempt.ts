// An attempt at an upstream that answers by script, on a virtual clock.
import type { Cancel, Clock, Ms } from '../../src/kernel/clock.ts'
import type { AttemptListener, OpenAttempt } from '../../src/policies/drive.ts'
import type { AttemptEffect, AttemptOutcome } from '../../src/policies/effects.ts'

export interface Reply {
  /** Time until the outcome; Infinity hangs. */
  after?: Ms
  status?: number
  retryAfter?: string
  /** Instead of a status: refused (never sent), reset, or cut short after the head. */
  error?: 'refused' | 'reset' | 'cut'
  /** The error is one of the gateway itself. */
  ours?: 'shortage' | 'unsendable'
  /** The headers come after `after`; the body ends so much later, in this way. */
  body?: { after: Ms; end: 'complete' | 'broken' | 'timeout'; stream?: boolean }
  /** The upstream works to its end, whoever stopped waiting. */
  uncancellable?: boolean
}

export interface ScriptedUpstream {
  clock: Clock
  /** Requests that the upstream works on now, and the most there ever were. */
  busy: { now: number; most: number }
}

const reached = { refused: 'no', reset: 'maybe', cut: 'yes' } as const

export class ScriptedAttempt implements OpenAttempt {
  readonly effect: AttemptEffect
  givenUp = false
  readonly #reply: Reply
  readonly #upstream: ScriptedUpstream
  readonly #listener: AttemptListener<ScriptedAttempt>
  readonly #timers: Cancel[] = []
  #working = false
  /** The response is there, and its body still arrives. */
  #arriving = false

  constructor(effect: AttemptEffect, reply: Reply, upstream: ScriptedUpstream, listener: AttemptListener<ScriptedAttempt>) {
    this.effect = effect
    this.#reply = reply
    this.#upstream = upstream
    this.#listener = listener
  }

  start(): void {
    const { clock, busy } = this.#upstream
    const { after = 0, uncancellable } = this.#reply
    this.#working = true
    busy.most = Math.max(busy.most, ++busy.now)
    if (Number.isFinite(after)) this.#timers.push(clock.after(after, () => this.#replied()))
    if (uncancellable) clock.after(after, () => this.#workOver())
    this.#timers.push(clock.after(this.effect.timeoutMs, () => this.#timedOut()))
  }

  giveUp(): void {
    this.givenUp = true
    if (!this.#arriving) this.#stop()
  }

  abort(): void {
    this.#stop()
    if (this.#arriving) this.#bodyEnded('aborted')
  }

  #replied(): void {
    this.#stopTimers()
    const { status = 200, retryAfter, error, ours, body } = this.#reply
    const attempt = this.effect.number
    if (body) {
      this.#arriving = true
      this.#timers.push(this.#upstream.clock.after(body.after, () => this.#bodyEnded(body.end)))
    } else this.#workOver()
    const stream = body?.stream ?? false
    const response: AttemptOutcome = {
      is: 'response',
      attempt,
      status,
      complete: !body,
      stream,
      ...(retryAfter !== undefined && { retryAfter }),
    }
    const failure = error && ({ is: 'connection_error', attempt, reached: reached[error], ...(ours && { ours }) } as const)
    this.#listener.settled(this, failure ?? response)
  }

  #timedOut(): void {
    this.#stop()
    this.#listener.settled(this, { is: 'timeout', attempt: this.effect.number })
  }

  #bodyEnded(end: Parameters<AttemptEffect['bodyEnded']>[0]): void {
    this.#stopTimers()
    this.#arriving = false
    this.effect.bodyEnded(end)
    this.#workOver()
  }

  #stop(): void {
    this.#stopTimers()
    if (!this.#reply.uncancellable) this.#workOver()
  }

  #stopTimers(): void {
    for (const cancel of this.#timers.splice(0)) cancel()
  }

  #workOver(): void {
    if (!this.#working) return
    this.#working = false
    this.#upstream.busy.now--
    this.effect.release()
  }
}
