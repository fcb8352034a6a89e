// The crowds that a criterion is about: which phases they saturate, and whether they did.
import type { Saturated } from '../../evidence/events/saturation.ts'
import { span } from '../../kernel/wording.ts'
import type { Plan, PlannedPhase } from '../../plan/plan.ts'
import type { CriterionProblem } from '../criterion.ts'
import { inPhases } from '../writing/fields.ts'
import { windowOf } from '../measure/scope.ts'
import type { Case, Window } from '../finding/raw-finding.ts'

export function saturatedPhases({ phases }: Plan, during?: readonly string[]): PlannedPhase[] {
  return phases.filter(({ name, saturation }) => saturation && (during?.includes(name) ?? true))
}

export function crowdProblems(plan: Plan, during?: readonly string[]): CriterionProblem[] {
  const crowded = saturatedPhases(plan)
  if (crowded.length === 0) return [{ message: "no phase is saturated; add one, as in phase.saturate('15s', { connections: 100 })" }]
  const idle = during?.find((name) => !crowded.some((phase) => phase.name === name))
  return idle === undefined
    ? []
    : [{ at: 'during', message: `nothing saturates "${idle}"; name one of ${crowded.map(({ name }) => `"${name}"`).join(', ')}` }]
}

export const whileSaturated = (during?: readonly string[]): string => (during ? inPhases(during) : ' while it is saturated')

export function crowdWindow(plan: Plan, during?: readonly string[]): Window {
  return windowOf(
    plan,
    saturatedPhases(plan, during).map(({ name }) => name),
  )
}

// A crowd comes and goes by timers.
const LASTED = 0.9

/** The crowds of the window, or why these are not all of them. */
export function crowdsIn({ plan, evidence }: Case, { phases }: Window): { seen: Saturated[]; missing?: string } {
  const seen = evidence.saturation.filter(({ phase }) => phases.includes(phase))
  const short = plan.phases.find(({ name, startMs, endMs }) => {
    const lastedMs = seen.find(({ phase }) => phase === name)?.lastedMs ?? 0
    return phases.includes(name) && lastedMs < LASTED * (endMs - startMs)
  })
  if (!short) return { seen }
  const lastedMs = seen.find(({ phase }) => phase === short.name)?.lastedMs ?? 0
  return { seen, missing: `${short.name} was saturated for ${span(lastedMs)} of ${span(short.endMs - short.startMs)}` }
}
