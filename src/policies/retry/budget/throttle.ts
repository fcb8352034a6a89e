// gRPC's retryThrottling (proposal A6) as a retry budget. A failure costs one token; a success returns a fraction of one. Retries
// are allowed only while more than half of the tokens are left. There is no clock: only successes bring tokens back.
import * as z from 'zod'
import type { RetryBudget } from './budget.ts'

export const throttleBudgetSettings = z.strictObject({
  kind: z.literal('throttle'),
  /** A failure costs one, a success returns `ratio`; retries stop at half of them. */
  tokens: z.number().gt(0).max(1000).default(10),
  ratio: z.number().gt(0).default(0.1),
})

export class ThrottleBudget implements RetryBudget {
  active = 0
  readonly #max: number
  readonly #ratio: number
  #tokens: number

  constructor({ tokens, ratio }: { tokens: number; ratio: number }) {
    this.#max = tokens
    this.#ratio = ratio
    this.#tokens = tokens
  }

  requested(): void {}

  tryRetry(): boolean {
    if (this.#tokens <= this.#max / 2) return false
    this.active++
    return true
  }

  retryEnded(): void {
    this.active--
  }

  ended(failed: boolean): void {
    this.#tokens = failed ? Math.max(0, this.#tokens - 1) : Math.min(this.#max, this.#tokens + this.#ratio)
  }

  balance(): number {
    return this.#tokens
  }
}
