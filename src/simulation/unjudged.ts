// Criteria about the gateway's process: its memory, its descriptors, its use of a processor. A simulation has no process, so it leaves them
// undecided, and a run with one of them is never a pass. What compares simulations with each other, as tuning does, leaves them out and says so.
import { growthCriteria } from '../criteria/growth/growth.ts'
import type { Plan, PlannedCriterion } from '../plan/plan.ts'

/** Those of the plan that no simulation can decide. */
export function unjudgedOf({ criteria }: Pick<Plan, 'criteria'>): PlannedCriterion[] {
  return criteria.filter(({ criterion: { kind } }) => Object.hasOwn(growthCriteria, kind))
}

/** The plan with those criteria alone that a simulation can decide. */
export function withoutUnjudged<Given extends Pick<Plan, 'criteria'>>(plan: Given): Given {
  const unjudged = new Set(unjudgedOf(plan))
  return unjudged.size === 0 ? plan : { ...plan, criteria: plan.criteria.filter((each) => !unjudged.has(each)) }
}

/** What is left undecided, as a sentence; undefined where nothing is. */
export function unjudgedSentence(plan: Pick<Plan, 'scenario' | 'criteria'>): string | undefined {
  const unjudged = unjudgedOf(plan).map(({ id, criterion: { kind } }) => `${id} (${kind})`)
  if (unjudged.length === 0) return undefined
  const [what, they] = unjudged.length === 1 ? ['is', 'it is'] : ['are', 'they are']
  return `${plan.scenario}: ${unjudged.join(' and ')} ${what} about the gateway's process, which a simulation does not have: ${they} not judged; run it live`
}
