// How late the process is. A gateway whose event loop falls behind answers nobody in time; what it takes in then makes all others wait longer.
import type { Cancel, Clock, Ms } from '../../kernel/clock.ts'

const LOOK_EVERY: Ms = 50

export class LoopDelay {
  readonly #clock: Clock
  #due: Ms
  #last: Ms = 0
  #cancel: Cancel

  constructor(clock: Clock) {
    this.#clock = clock
    this.#due = clock.now() + LOOK_EVERY
    this.#cancel = clock.after(LOOK_EVERY, () => this.#look())
  }

  /** How late the last look came, or how late the next one is already: after a stall, requests are read before timers run. */
  get now(): Ms {
    return Math.max(this.#last, this.#clock.now() - this.#due, 0)
  }

  close(): void {
    this.#cancel()
  }

  #look(): void {
    const now = this.#clock.now()
    this.#last = now - this.#due
    this.#due = now + LOOK_EVERY
    this.#cancel = this.#clock.after(LOOK_EVERY, () => this.#look())
  }
}
