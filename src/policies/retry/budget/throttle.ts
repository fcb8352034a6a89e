// gRPC's retryThrottling (proposal A6): a failure costs one token, a success returns a fraction of one, and there are retries
// only while more than half of the tokens are left. No clock: it heals with successes alone.
import type { RetryBudget } from './budget.ts'

export class ThrottleBudget implements RetryBudget {
  active = 0
  readonly #most: number
  readonly #ratio: number
  #tokens: number

  constructor({ tokens, ratio }: { tokens: number; ratio: number }) {
    this.#most = tokens
    this.#ratio = ratio
    this.#tokens = tokens
  }

  requested(): void {}

  tryRetry(): boolean {
    if (this.#tokens <= this.#most / 2) return false
    this.active++
    return true
  }

  retryEnded(): void {
    this.active--
  }

  ended(failed: boolean): void {
    this.#tokens = failed ? Math.max(0, this.#tokens - 1) : Math.min(this.#most, this.#tokens + this.#ratio)
  }

  balance(): number {
    return this.#tokens
  }
}
