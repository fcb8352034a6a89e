// The rules by which a closed breaker opens. Every rule hears of every call; the first that trips opens the breaker and names the cause.
import type { Ms } from '../../../kernel/clock.ts'
import type { BreakerSettings } from '../settings.ts'
import { consecutive } from './consecutive.ts'
import { failureRate } from './failure-rate.ts'
import { slowRate } from './slow-rate.ts'
import type { TripRule } from './trip-rule.ts'
import { windowCount } from './window-count.ts'

const rules: ((settings: BreakerSettings) => TripRule | undefined)[] = [consecutive, windowCount, failureRate, slowRate]

export class TripRules {
  readonly #rules: readonly TripRule[]
  /** Whether any of them records a success by its duration, or by the time of its end. */
  readonly timed: boolean

  constructor(settings: BreakerSettings) {
    this.#rules = rules.map((rule) => rule(settings)).filter((rule) => rule !== undefined)
    this.timed = this.#rules.some(({ timed }) => timed)
  }

  /** The one that is shown to people. */
  get first(): TripRule {
    return this.#rules[0]!
  }

  /** Counts a call that ended at `now`; the rule that trips, if any. */
  record(failed: boolean, durationMs: Ms, now: Ms): TripRule | undefined {
    let tripped: TripRule | undefined
    for (const rule of this.#rules) if (rule.record(failed, durationMs, now)) tripped ??= rule
    return tripped
  }

  /** Counts a stream's good head or its good end, by those rules to which that is a success. */
  recordStream(part: TripRule['provenBy'], headMs: Ms, now: Ms): TripRule | undefined {
    let tripped: TripRule | undefined
    for (const rule of this.#rules) if (rule.provenBy === part && rule.record(false, headMs, now)) tripped ??= rule
    return tripped
  }

  /** A stream with a good head broke off. */
  streamBroke(now: Ms): TripRule | undefined {
    let tripped: TripRule | undefined
    for (const rule of this.#rules) if (rule.broke(now)) tripped ??= rule
    return tripped
  }

  clear(): void {
    for (const rule of this.#rules) rule.clear()
  }
}
