// The rules by which a closed breaker opens: the first of an upstream's rules that says so opens it.
import type { BreakerSettings } from '../settings.ts'
import { consecutive } from './consecutive.ts'
import { failureRate } from './failure-rate.ts'
import { slowRate } from './slow-rate.ts'
import type { TripRule } from './trip-rule.ts'
import { windowCount } from './window-count.ts'

const rules: ((settings: BreakerSettings) => TripRule | undefined)[] = [consecutive, windowCount, failureRate, slowRate]

export function tripRules(settings: BreakerSettings): TripRule[] {
  return rules.map((rule) => rule(settings)).filter((rule) => rule !== undefined)
}
