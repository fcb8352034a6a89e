// Plays one trial: plan, stage, judge, figures. The stage is a parameter; the simulated one is meant.
//
//   trial ──plan──▶ simulate ──▶ evidence ──judge──▶ margins
//                                    └──────────────▶ figures
import { loadCriteria } from '../../criteria/custom.ts'
import type { Evidence } from '../../evidence/evidence.ts'
import { judge } from '../../judge/judge.ts'
import type { Finding, Verdict } from '../../judge/verdict.ts'
import { GatecrashError, thrownText } from '../../kernel/errors.ts'
import type { Plan } from '../../plan/plan.ts'
import { type Figures, costsOf } from './figures.ts'
import type { Margin, Trial, TrialResult } from './trial.ts'

export interface EvaluateWith {
  /** The plan of a trial. */
  planOf: (trial: Trial) => Plan | Promise<Plan>
  /** @throws GatecrashError `invalid_scenario` for a plan that the stage cannot play */
  simulate: (plan: Plan) => Evidence | Promise<Evidence>
}

/** @throws GatecrashError `invalid_scenario` for what a scenario's own code throws */
export async function evaluate(trial: Trial, { planOf, simulate }: EvaluateWith): Promise<TrialResult> {
  try {
    const plan = await planOf(trial)
    const evidence = await simulate(plan)
    const verdict = judge(plan, evidence, await loadCriteria(plan))
    const margins = marginsOf(verdict)
    return { is: 'judged', result: verdict.result, figures: { margin: least(margins), ...costsOf({ plan, evidence }) }, margins }
  } catch (error) {
    if (error instanceof GatecrashError && error.code === 'invalid_scenario') return { is: 'refused', why: error.message }
    if (error instanceof GatecrashError) throw error
    throw new GatecrashError('internal', `${trial.scenario} with ${JSON.stringify(trial.settings)}: ${thrownText(error)}`, { cause: error })
  }
}

/** Of each criterion that decides; and of the run, where it cannot be believed and no criterion says so. */
export function marginsOf({ findings, result, why }: Verdict): Margin[] {
  const deciding = findings.filter(({ severity }) => severity === 'error')
  const margins = deciding.map((finding): Margin => {
    const { sentence: criterion, result: found } = finding
    const margin: Margin = { criterion, result: found, margin: marginOf(finding) }
    return found === 'pass' ? margin : Object.assign(margin, { why: finding.why })
  })
  if (result === 'pass' || margins.some((each) => each.result !== 'pass')) return margins
  return [...margins, { criterion: 'the run can be believed', result, margin: null, why: why.join('; ') }]
}

/** So many requests are allowed: as many are as good as fewer, so that a pass has no distance. */
function marginOf({ result, margin, interval, unit }: Finding): number | null {
  return result === 'pass' && interval === null && unit === 'requests' ? null : margin
}

const least = (margins: readonly Margin[]): Figures['margin'] =>
  Math.min(1, ...margins.map(({ margin, result }) => (result === 'fail' ? Math.min(0, margin ?? -1) : (margin ?? 1))))
