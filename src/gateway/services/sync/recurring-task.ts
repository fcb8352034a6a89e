// Does one thing again and again: at its times, or when somebody asks, and never twice at once. A run that fails is told, and the next one
// comes at its time all the same.
//
//   time ─▶ due ─▶ run ─▶ ok or failed
//            └─ one is still running: left out
import type { Cancel, Clock, Ms } from '../../../kernel/clock.ts'

export interface RecurringTaskOptions<Result> {
  every: Ms
  clock: Pick<Clock, 'after'>
  /** Should end soon once the signal is aborted. */
  work: (signal: AbortSignal) => Promise<Result>
  ended: (outcome: Outcome<Result>) => void
}

export type Outcome<Result> = { is: 'ok'; result: Result } | { is: 'failed'; error: unknown }

export class RecurringTask<Result> {
  readonly #options: RecurringTaskOptions<Result>
  readonly #ending = new AbortController()
  #cancel: Cancel | undefined
  #running: Promise<void> | undefined
  /** Times at which one was still running. */
  skipped = 0

  constructor(options: RecurringTaskOptions<Result>) {
    this.#options = options
  }

  get isRunning(): boolean {
    return this.#running !== undefined
  }

  /** The first run begins after `every`. */
  start(): void {
    if (this.#ending.signal.aborted) return
    this.#cancel = this.#options.clock.after(this.#options.every, () => {
      // Before the run: whatever becomes of it, the next has its time.
      this.start()
      if (!this.trigger()) this.skipped++
    })
  }

  /** Runs now. False when it is running already, or closed. */
  trigger(): boolean {
    if (this.#running || this.#ending.signal.aborted) return false
    this.#running = this.#run().finally(() => (this.#running = undefined))
    return true
  }

  /** Ends the run that is under way, and waits for it. */
  async close(): Promise<void> {
    this.#ending.abort()
    this.#cancel?.()
    await this.#running
  }

  async #run(): Promise<void> {
    const { work, ended } = this.#options
    const outcome = await this.#outcomeOf(work)
    // A run that was ended by `close` tells nothing.
    if (!this.#ending.signal.aborted) ended(outcome)
  }

  async #outcomeOf(work: RecurringTaskOptions<Result>['work']): Promise<Outcome<Result>> {
    try {
      return { is: 'ok', result: await work(this.#ending.signal) }
    } catch (error) {
      return { is: 'failed', error }
    }
  }
}
