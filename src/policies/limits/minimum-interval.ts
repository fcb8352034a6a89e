// At least so much time between the starts of two requests.
import * as z from 'zod'
import type { Ms } from '../../kernel/clock.ts'
import { positiveDuration } from '../../kernel/validation.ts'
import { EPSILON, type Pacer } from './pacer.ts'

export const minimumIntervalSettings = {
  kind: z.literal('minimum_interval'),
  /** Time between the starts of two requests. */
  interval: positiveDuration,
}

export class MinimumInterval implements Pacer {
  readonly #interval: Ms
  #last: Ms = Number.NEGATIVE_INFINITY

  constructor({ interval }: { interval: Ms }) {
    this.#interval = interval
  }

  delay(ahead: number, now: Ms): Ms {
    const delay = Math.max(this.#last + this.#interval, now) + ahead * this.#interval - now
    return delay <= EPSILON ? 0 : delay
  }

  take(now: Ms): void {
    this.#last = now
  }
}
