// At least so long between the starts of two requests, whatever the callers do.
import type { Ms } from '../../kernel/clock.ts'
import type { Pace } from './pacer.ts'

// A timer cannot tell less than this.
const HAIR: Ms = 1e-3

export class MinimumInterval implements Pace {
  readonly #interval: Ms
  #last: Ms = Number.NEGATIVE_INFINITY

  constructor({ interval }: { interval: Ms }) {
    this.#interval = interval
  }

  delay(ahead: number, now: Ms): Ms {
    const delay = Math.max(this.#last + this.#interval, now) + ahead * this.#interval - now
    return delay <= HAIR ? 0 : delay
  }

  take(now: Ms): void {
    this.#last = now
  }
}
