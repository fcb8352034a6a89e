// What the rules about breakers share.
import type { BreakerState } from '../../evidence/events.ts'
import type { Plan } from '../../scenario/plan.ts'
import { stateWord } from '../../scenario/criterion-text.ts'
import type { Ruling } from '../ruling.ts'

export const statesText = (states: readonly BreakerState[]): string => states.map(stateWord).join(' → ')

/** A slow harness opens a breaker only by making attempts time out. */
export function couldSlownessOpen(plan: Plan, upstream: string): NonNullable<Ruling['unhurried']> {
  const attemptMs = plan.gateway.upstreams[upstream]?.timeout.attempt ?? Number.POSITIVE_INFINITY
  return ({ saturated, stallMs }) => (saturated || stallMs >= attemptMs ? 'inconclusive' : 'fail')
}
