// How likely the planned load proves a criterion, for a gateway that keeps its promise with room.
import { plannedRequests } from '../../plan/plan-index.ts'
import type { Plan } from '../../plan/plan.ts'
import type { KnownCriterion } from '../criterion.ts'
import { MUCH_BETTER, passChance, samplesToPass } from './statistics/power.ts'

export interface Odds {
  /** Requests that the plan gives it. */
  requests: number
  /** Chance (0–1) of a pass when half of what it allows is bad, and when a tenth is. */
  atHalf: number
  atTenth: number
  /** Requests that would make `atTenth` 95 %; infinite when none do. */
  enough: number
}

/** Undefined where the plan does not tell how many requests it will get, or it allows no share of them to be bad. */
export function oddsOf(plan: Plan, known: KnownCriterion): Odds | undefined {
  const { badShare, breaker, upstream } = known
  // What an open breaker refuses is no number of the plan's.
  if (badShare === undefined || breaker === 'needed') return undefined
  const planned = known
    .samplesIn(plan)
    .map((phases) => phases.reduce((total, { name }) => total + plannedRequests(plan, name, upstream), 0))
  const requests = Math.min(...planned)
  const chance = (part: number): number => passChance(requests, badShare, part * badShare)
  return { requests, atHalf: chance(0.5), atTenth: chance(MUCH_BETTER), enough: samplesToPass(badShare) }
}
