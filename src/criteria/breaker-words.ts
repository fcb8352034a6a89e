// What the rules about breakers share.
import type { BreakerState } from '../contract/breaker-events.ts'
import type { Plan } from '../plan/plan.ts'
import { stateWord } from '../contract/breaker-events.ts'
import type { Ruling, Slowness } from './ruling.ts'

export const statesText = (states: readonly BreakerState[]): string => states.map(stateWord).join(' → ')

/** A slow harness opens a breaker only by making attempts time out. */
export function couldOpen({ saturated, stallMs }: Slowness, plan: Plan, upstream: string): boolean {
  const attemptMs = plan.gateway.upstreams[upstream]?.timeout.attempt ?? Number.POSITIVE_INFINITY
  return saturated || stallMs >= attemptMs
}

/** What a failure is worth that consists of a breaker having opened. */
export function couldSlownessOpen(plan: Plan, upstream: string): NonNullable<Ruling['unhurried']> {
  return (slowness) => (couldOpen(slowness, plan, upstream) ? 'inconclusive' : 'fail')
}
