// Plays trials on the simulated stage. What its scenarios need is loaded once.
import type { Part } from '../../evidence/fold/wanted.ts'
import type { Calibration } from '../../simulation/calibration/calibration.ts'
import { type Cast, loadCast, simulate } from '../../simulation/simulate.ts'
import { withoutUnjudged } from '../../simulation/unjudged.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { type TuningPlanOptions, candidatePlan } from './candidate-plan.ts'
import { evaluate } from './evaluate.ts'
import type { Trial, TrialResult } from './trial.ts'

export interface SimulatorOptions {
  scenarios: readonly { scenario: Scenario; source: string }[]
  plan: TuningPlanOptions
  /** Absent: the one that ships. */
  calibration: Calibration | undefined
}

/** Plays one trial at a time. */
export type PlayTrial = (trial: Trial) => Promise<TrialResult>

export function simulator({ scenarios, plan: options, calibration }: SimulatorOptions): PlayTrial {
  const byName = new Map(scenarios.map((found) => [found.scenario.name, found]))
  const casts = new Map<string, Cast>()
  // By scenario: what its criteria and figures read of the evidence.
  const reads = new Map<string, Set<Part>>()
  return (trial) =>
    evaluate(trial, {
      // Trials are of these scenarios alone.
      planOf: (each) => withoutUnjudged(candidatePlan(byName.get(each.scenario)!, each, options)),
      async simulate(plan) {
        const cast = casts.get(plan.scenario) ?? (await loadCast(plan))
        casts.set(plan.scenario, cast)
        const read = reads.get(plan.scenario) ?? new Set()
        reads.set(plan.scenario, read)
        return simulate(plan, { cast, read, ...(calibration && { calibration }) })
      },
    })
}
