// A candidate played live, beside what the simulation said of the very same plan. Where one says pass and the other fail, the simulation
// is wrong about something, and it is told so.
import type { Result } from '../criteria/finding/raw-finding.ts'
import type { Verdict } from '../judge/verdict.ts'
import type { Settings } from './space/space.ts'
import { marginsOf } from './trial/evaluate.ts'
import type { Trial, TrialResult } from './trial/trial.ts'

/** A criterion that one stage passed and the other failed. */
export interface Disagreement {
  criterion: string
  live: Result
  simulated: Result
  why: string
}

export interface Confirmation {
  settings: Settings
  scenario: string
  seed: number
  live: Result
  simulated: Result
  /** What did not pass live. */
  unpassed: { criterion: string; result: Result; why: string }[]
  disagreements: Disagreement[]
}

/** Both by the same trial. Criteria are the same on both stages: they come from the same plan. */
export function confirmationOf(
  { settings, scenario, seed }: Trial,
  simulated: TrialResult & { is: 'judged' },
  verdict: Verdict,
): Confirmation {
  const live = marginsOf(verdict)
  const bySentence = new Map(simulated.margins.map((margin) => [margin.criterion, margin]))
  return {
    settings,
    scenario,
    seed,
    live: verdict.result,
    simulated: simulated.result,
    unpassed: live.flatMap(({ criterion, result, why = '' }) => (result === 'pass' ? [] : [{ criterion, result, why }])),
    disagreements: live.flatMap(({ criterion, result, why }) => {
      const other = bySentence.get(criterion)
      const isContrary = other !== undefined && [result, other.result].toSorted().join() === 'fail,pass'
      return isContrary ? [{ criterion, live: result, simulated: other.result, why: why ?? other.why ?? '' }] : []
    }),
  }
}
