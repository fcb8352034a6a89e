// Which alerts are false: they begin without a fault that is on or was a moment ago, and without an alert of such a fault that is still on.
import type { Case } from '../finding/raw-finding.ts'
import { faultTimes } from '../measure/fault-window.ts'
import type { Ms } from '../../kernel/clock.ts'
import { spellsOf } from './alert-spells.ts'

/** For how long after a fault an alert may still begin, unless a scenario says so. */
export const AFTERMATH: Ms = 5000

export function falseOnes(run: Case, aftermathMs: Ms, rule?: string) {
  const faults = run.plan.faults.map((fault) => {
    const { requestedMs, clearedMs } = faultTimes(run.evidence, fault)
    return { fromMs: requestedMs ?? fault.startMs, toMs: (clearedMs ?? Number.POSITIVE_INFINITY) + aftermathMs }
  })
  // In order of time: whether an alert has a reason may hang on one before it.
  const reasons: { fromMs: Ms; toMs: Ms }[] = [...faults]
  return spellsOf(run).filter(({ fromMs, toMs, rule: name }) => {
    const hasReason = reasons.some((reason) => fromMs >= reason.fromMs && fromMs <= reason.toMs)
    if (hasReason) reasons.push({ fromMs, toMs: toMs ?? Number.POSITIVE_INFINITY })
    return !hasReason && (rule === undefined || name === rule)
  })
}

/** How many alerts a run had, and how many of them were false. Undefined where none was told and none was asked about. */
export function countAlerts(run: Case): AlertCount | undefined {
  const { plan, evidence } = run
  const about = plan.criteria.map(({ criterion }) => criterion)
  const isAsked = about.some(({ kind }) => kind === 'no_false_alerts' || kind.startsWith('alert_'))
  if (evidence.alerts.length === 0 && !isAsked) return undefined
  // As its author says, where all alerts are meant.
  const own = about.find(({ kind, rule }) => kind === 'no_false_alerts' && rule === undefined)?.['aftermathMs']
  return { raised: evidence.alerts.length, false: falseOnes(run, typeof own === 'number' ? own : AFTERMATH).length }
}

export interface AlertCount {
  raised: number
  /** Began without a fault. */
  false: number
}
