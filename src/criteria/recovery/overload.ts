// An overload in the plan and in what was seen: a phase in which an upstream was asked for more than it can do, and what follows at the
// load from before it.
import { actsOn } from '../../faults/fault.ts'
import { expectedArrivals } from '../../plan/arrivals.ts'
import { type Plan, type PlannedPhase, reaches } from '../../plan/plan.ts'
import type { Case } from '../finding/raw-finding.ts'
import { wasDisturbed } from '../measure/fault-window.ts'
import { countIn, requestsIn } from '../measure/scope.ts'

export interface Overload {
  upstream: string
  /** The phase of the overload. */
  after: string
  /** The phase whose load is the usual one. */
  comparedWith: string
}

/** Requests for the upstream that are due per second of the phase, on average. */
export function rateOf(plan: Plan, phase: string, upstream: string): number {
  const { startMs, endMs } = plan.phases.find(({ name }) => name === phase)!
  const active = plan.load.mix.filter(({ during, probe }) => probe === undefined && (during === undefined || during.includes(phase)))
  const weightOf = (routes: Plan['load']['mix']): number => routes.reduce((total, { weight }) => total + weight, 0)
  const part = weightOf(active.filter((route) => reaches(route, upstream))) / weightOf(active)
  return active.length === 0 ? 0 : (part * expectedArrivals(plan.load, startMs, endMs) * 1000) / (endMs - startMs)
}

/** Two phases ask for as much when their rates differ by no more than this share. */
const SAME_LOAD = 0.01

/** The phases after the overload in which the load is that of the compared phase, and nothing is wrong with the upstream. */
export function quietAfter(plan: Plan, { upstream, after, comparedWith }: Overload): PlannedPhase[] {
  const { phases, faults } = plan
  const overload = phases.find(({ name }) => name === after)
  const isKnown = phases.some(({ name }) => name === comparedWith)
  if (!overload || !isKnown) return []
  const usual = rateOf(plan, comparedWith, upstream)
  const following = phases.filter(({ startMs }) => startMs >= overload.endMs)
  const end = following.findIndex(
    ({ name, startMs, endMs, warmUp, saturation }) =>
      warmUp ||
      saturation !== undefined ||
      Math.abs(rateOf(plan, name, upstream) - usual) > SAME_LOAD * usual ||
      faults.some((fault) => actsOn(fault, upstream) && fault.startMs < endMs && fault.endMs > startMs),
  )
  return end < 0 ? following : following.slice(0, end)
}

/** Whether the overload was seen: a fault that acted, a crowd that got answers, or more requests per second than usual. */
export function isOverloaded(run: Case, { upstream, after, comparedWith }: Overload): boolean {
  if (wasDisturbed(run, after, upstream)) return true
  const { plan, evidence } = run
  const seenPerSecond = (phase: string): number => {
    const { startMs, endMs } = plan.phases.find(({ name }) => name === phase)!
    return countIn(requestsIn(evidence, { upstream, phases: [phase] })) / (endMs - startMs)
  }
  return isBusier(plan, { upstream, after, comparedWith }) && seenPerSecond(after) > seenPerSecond(comparedWith)
}

/** Whether more is asked of the upstream in the phase of the overload than in the compared one. */
export const isBusier = (plan: Plan, { upstream, after, comparedWith }: Overload): boolean =>
  rateOf(plan, after, upstream) > (1 + SAME_LOAD) * rateOf(plan, comparedWith, upstream)
