// How long a breaker stays open. The time grows each time a probe fails, up to a cap, and starts anew when the breaker closes.
// Jitter is added after the cap (as Envoy's max_ejection_time_jitter): at the cap, too, many gateways must not probe at one instant.
import type { Ms } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { BreakerSettings } from './settings.ts'

export class Recovery {
  readonly #settings: BreakerSettings
  readonly #random: Random
  #step = 0
  /** How long the next opening will last. It is drawn in advance, so that a snapshot needs no draw. */
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

  /** Returns how long the opening that begins now lasts; the next one lasts longer. */
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
    // 0 × Infinity is NaN: a recovery of 0 stays 0.
    const grown = recovery === 0 ? 0 : Math.min(recovery * recoveryGrowth ** this.#step, recoveryMax)
    return recoveryJitter === 0 ? grown : grown * (1 + recoveryJitter * this.#random.next())
  }
}
