// Retries are a share of requests (Finagle's RetryBudget), and a few may always be under way, on credit (Envoy's
// min_retry_concurrency): a service with little traffic retries too. The debt is bounded by the same few, and is paid by later
// requests or forgotten with the window, so that in any window there are at most ratio × requests + floor retries.
import type { Ms } from '../../../kernel/clock.ts'
import type { RetryBudget } from './budget.ts'

const SLOTS = 10
// A tenth, ten times added, is a hair less than one.
const HAIR = 1e-9

export class RatioBudget implements RetryBudget {
  active = 0
  readonly #ratio: number
  readonly #floor: number
  readonly #slotMs: Ms
  // What was paid in less what was paid out, by the time it happened.
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
    const onCredit = this.active < this.#floor && this.#balance - 1 >= -this.#floor - HAIR
    if (this.#balance < 1 - HAIR && !onCredit) return false
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
    // Added up anew, so that rounding does not pile up over days.
    this.#balance = this.#slots.reduce((sum, amount) => sum + amount, 0)
  }
}
