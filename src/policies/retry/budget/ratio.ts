// A retry budget in proportion to requests (Finagle's RetryBudget), with a floor (Envoy's min_retry_concurrency).
//
// Each request adds `ratio` tokens; each retry takes one. Up to `floor` retries may run at a negative balance, so that a service
// with little traffic retries too. The balance never falls below -`floor`. Tokens and debts older than `window` expire. So any
// window has at most ratio × requests + floor retries.
import * as z from 'zod'
import type { Ms } from '../../../kernel/clock.ts'
import { positiveDuration } from '../../../kernel/validation.ts'
import type { RetryBudget } from './budget.ts'

export const ratioBudgetSettings = z.strictObject({
  /** `ratio` to the requests, or `throttle` after failures. */
  kind: z.literal('ratio').default('ratio'),
  /** Retries per request. */
  ratio: z.number().min(0).max(10).default(0.2),
  /** Retries that may run at a negative balance. */
  floor: z.int().min(0).default(3),
  /** How long a request, or a debt, is remembered. */
  window: positiveDuration.default(10_000),
})

const SLOTS = 10
// Ten times 0.1 is a little less than 1.
const EPSILON = 1e-9

export class RatioBudget implements RetryBudget {
  active = 0
  readonly #ratio: number
  readonly #floor: number
  readonly #slotMs: Ms
  // Tokens added less tokens taken, by slots of time.
  readonly #slots = new Float64Array(SLOTS)
  #balance = 0
  #newest = Number.NEGATIVE_INFINITY
  #slot = 0
  #turnsAt = Number.NEGATIVE_INFINITY

  constructor({ ratio, floor, window }: { ratio: number; floor: number; window: Ms }) {
    this.#ratio = ratio
    this.#floor = floor
    this.#slotMs = window / SLOTS
  }

  requested(now: Ms): void {
    this.#add(this.#ratio, now)
  }

  tryRetry(now: Ms): boolean {
    this.#turn(now)
    const onCredit = this.active < this.#floor && this.#balance - 1 >= -this.#floor - EPSILON
    if (this.#balance < 1 - EPSILON && !onCredit) return false
    this.#add(-1, now)
    this.active++
    return true
  }

  retryEnded(): void {
    this.active--
  }

  ended(): void {}

  balance(now: Ms): number {
    this.#turn(now)
    return this.#balance
  }

  #add(amount: number, now: Ms): void {
    if (now >= this.#turnsAt) this.#turn(now)
    this.#balance += amount
    this.#slots[this.#slot]! += amount
  }

  #turn(now: Ms): void {
    const newest = Math.floor(now / this.#slotMs)
    if (newest <= this.#newest) return
    for (let passed = Math.max(this.#newest + 1, newest - SLOTS + 1); passed <= newest; passed++) {
      this.#slot = ((passed % SLOTS) + SLOTS) % SLOTS
      this.#slots[this.#slot] = 0
    }
    this.#newest = newest
    this.#turnsAt = (newest + 1) * this.#slotMs
    // Summed anew: rounding errors must not add up over days.
    this.#balance = this.#slots.reduce((sum, amount) => sum + amount, 0)
  }
}
