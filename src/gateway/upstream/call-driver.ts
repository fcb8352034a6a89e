// Drives one call through the policies of an upstream: does what the pipeline asks, with sockets and timers, and tells it what came.
// It decides nothing. Callbacks all the way: a call costs no promise.
import type { Dispatcher } from 'undici'
import type { Cancel } from '../../kernel/clock.ts'
import type { Answer, AttemptOutcome, CallRequest, CallResult, Effect } from '../../policies/effects.ts'
import { Transfer } from './transfer.ts'
import type { Upstream } from './upstream.ts'

/** `transfer` holds the response of an answered or failed call; it is to be delivered or given up by the receiver. */
export type Concluded = (result: CallResult, transfer: Transfer | undefined) => void

export class CallDriver {
  readonly #upstream: Upstream
  readonly #options: Dispatcher.DispatchOptions
  readonly #concluded: Concluded
  readonly #pipeline: Generator<Effect, CallResult, Answer>
  readonly #transfers: Transfer[] = []
  // Outcomes of hedged attempts that came while the pipeline was waiting for something else.
  readonly #unheard: [Transfer, AttemptOutcome][] = []
  #asked: 'outcome' | 'time' | 'turn' | 'nothing' = 'nothing'
  #timer: Cancel | undefined
  #over = false

  constructor(upstream: Upstream, request: CallRequest, options: Dispatcher.DispatchOptions, concluded: Concluded) {
    this.#upstream = upstream
    this.#options = options
    this.#concluded = concluded
    this.#pipeline = upstream.stack.call(request)
  }

  /** May conclude before it returns. */
  start(): void {
    this.#follow(this.#pipeline.next())
  }

  /** The client is gone: ends whatever is under way, now. */
  abort(): void {
    for (const transfer of this.#transfers) transfer.abort('aborted')
    if (!this.#over) this.#tell({ is: 'aborted' })
  }

  #tell(answer: Answer): void {
    this.#timer?.()
    this.#timer = undefined
    this.#asked = 'nothing'
    this.#follow(this.#pipeline.next(answer))
  }

  #follow(turn: IteratorResult<Effect, CallResult>): void {
    if (turn.done) return this.#conclude(turn.value)
    const effect = turn.value
    if (effect.do === 'attempt' || effect.do === 'await') {
      this.#asked = 'outcome'
      this.#after(effect.hedgeAfterMs, { is: 'pending' })
      if (effect.do === 'attempt') this.#attempt(effect)
      const unheard = this.#unheard.shift()
      if (unheard) this.#settled(...unheard)
    } else if (effect.do === 'wait') {
      this.#asked = 'time'
      this.#after(effect.ms, { is: 'elapsed' })
    } else {
      this.#asked = 'turn'
      effect.waiter.wake = () => {
        if (this.#asked === 'turn') this.#tell({ is: 'woken' })
      }
      this.#after(effect.ms, { is: 'elapsed' })
    }
  }

  #attempt(effect: Extract<Effect, { do: 'attempt' }>): void {
    const transfer = new Transfer(effect, this.#upstream.transfers, (settled, outcome) => this.#settled(settled, outcome))
    this.#transfers.push(transfer)
    transfer.start(this.#upstream.pool, this.#options)
  }

  #settled(transfer: Transfer, outcome: AttemptOutcome): void {
    if (this.#asked !== 'outcome') {
      if (!this.#over) this.#unheard.push([transfer, outcome])
      return
    }
    this.#tell(outcome)
    // The call goes on: this answer was not good enough.
    if (!this.#over) transfer.giveUp()
  }

  #after(ms: number, answer: Answer): void {
    if (ms !== Infinity) this.#timer = this.#upstream.transfers.clock.after(ms, () => this.#tell(answer))
  }

  #conclude(result: CallResult): void {
    this.#over = true
    let chosen: Transfer | undefined
    for (const transfer of this.#transfers) {
      if ('attempt' in result && transfer.effect === result.attempt) chosen = transfer
      else transfer.giveUp()
    }
    this.#concluded(result, chosen)
  }
}
