// How long a breaker stays open: a base that grows each time a probe fails, up to a cap, with jitter on top, and that starts
// anew when the breaker closes. Cap before jitter, as Envoy's max_ejection_time_jitter: at the cap, too, gateways must not
// probe in step.
import type { Ms } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { BreakerSettings } from './settings.ts'

export class Recovery {
  readonly #settings: BreakerSettings
  readonly #random: Random
  #step = 0
  /** The span that the next opening will last: drawn in advance, so that a state can be foretold without a draw. */
  next: Ms

  constructor(settings: BreakerSettings, random: Random, step = 0) {
    this.#settings = settings
    this.#random = random
    this.#step = step
    this.next = this.#draw()
  }

  /** How often it has grown since the breaker was last closed. */
  get step(): number {
    return this.#step
  }

  /** Takes the next span; the one after it is longer. */
  take(): Ms {
    const span = this.next
    this.#step++
    this.next = this.#draw()
    return span
  }

  restart(): void {
    this.#step = 0
    this.next = this.#draw()
  }

  #draw(): Ms {
    const { recovery, recoveryGrowth, recoveryMax, recoveryJitter } = this.#settings
    // 0 × Infinity is no number: a recovery of nothing stays nothing however often it grows.
    const grown = recovery === 0 ? 0 : Math.min(recovery * recoveryGrowth ** this.#step, recoveryMax)
    return recoveryJitter === 0 ? grown : grown * (1 + recoveryJitter * this.#random.next())
  }
}
