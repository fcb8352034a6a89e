// The plan of a candidate: the story as the present settings have it, played and judged with the candidate's own.
//
// A story's spans follow from settings (an outage lasts twice the recovery time). Were it made anew for each candidate, a breaker that
// stays open for longer would meet a longer outage, and no candidate could be compared with another.
import { GatecrashError, thrownText } from '../../kernel/errors.ts'
import type { Plan } from '../../plan/plan.ts'
import { type PlanOptions, planScenario } from '../../scenario/plan-scenario.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import type { Settings } from '../space/space.ts'

/** How every plan of a tuning is made; the overrides are the settings that all candidates have. */
export type TuningPlanOptions = Omit<PlanOptions, 'seed' | 'source' | 'candidate' | 'isForeign' | 'headers'>

/**
 * @throws GatecrashError `invalid_scenario` for settings that do not hold together
 * @throws GatecrashError `invalid_scenario` for what the scenario's own code throws
 */
export function candidatePlan(
  { scenario, source }: { scenario: Scenario; source: string },
  { settings, seed }: { settings: Settings; seed: number },
  options: TuningPlanOptions,
): Plan {
  try {
    return planScenario(scenario, { ...options, seed, source, candidate: settings })
  } catch (error) {
    if (error instanceof GatecrashError) throw error
    throw new GatecrashError('invalid_scenario', `${source} with ${JSON.stringify(settings)}: ${thrownText(error)}`, { cause: error })
  }
}
