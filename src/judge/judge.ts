// The judge: plan and evidence in, verdict out. A pure function; it does not know which stage made the evidence,
// and a stored run judged again gives the same verdict, byte for byte.
import type { Evidence } from '../evidence/evidence.ts'
import { describeCriterion } from '../criteria/criterion-text.ts'
import { type CriterionKind, knownCriterion } from '../criteria/criterion.ts'
import type { Plan, PlannedCriterion } from '../plan/plan.ts'
import { causalRank } from '../criteria/cause.ts'
import { checkGuards } from './validity/validity.ts'
import { withInferredBreakers } from '../criteria/measure/inferred-breaker.ts'
import { rules } from '../criteria/rules.ts'
import type { Given, Rule, Ruling } from '../criteria/ruling.ts'
import type { Finding, Guard, Verdict } from './verdict.ts'
import type { Result } from '../criteria/ruling.ts'
import { weigh } from './credibility.ts'

export function judge(plan: Plan, evidence: Evidence): Verdict {
  const given = { plan, evidence: withInferredBreakers(plan, evidence) }
  const guards = checkGuards(given)
  const findings = inOrder(plan.criteria.map((planned) => decide(planned, given)))
  const count = (result: Result): number => findings.filter((finding) => finding.result === result).length
  const counts = { pass: count('pass'), fail: count('fail'), inconclusive: count('inconclusive') }
  return {
    schemaVersion: 2,
    scenario: plan.scenario,
    seed: plan.seed,
    settings: plan.settings,
    result: overall(counts, guards),
    counts,
    findings,
    guards,
    why: [
      ...(findings.length === 0 ? ['nothing was demanded, so nothing is proved; add a criterion'] : []),
      ...findings.filter(({ result }) => result !== 'pass').map(({ sentence, why }) => `${sentence}: ${why}`),
      ...guards.filter(({ ok }) => !ok).map(({ sentence, remedy }) => (remedy === null ? sentence : `${sentence}; ${remedy}`)),
    ],
  }
}

function decide({ id, criterion: data, source }: PlannedCriterion, given: Given): Finding {
  const criterion = knownCriterion(data)
  // The table is keyed by the criterion's own kind, which the compiler cannot correlate with its argument.
  const ruling = weigh((rules[criterion.kind] as Rule<CriterionKind>)(criterion, given), given)
  const margin = marginOf(ruling)
  const { result, cause, why, n, unit, window, needsMore } = ruling
  return {
    id,
    criterion,
    sentence: describeCriterion(criterion),
    result,
    ...(cause !== undefined && result !== 'pass' && { cause }),
    why,
    n,
    measured: rounded(ruling.measured),
    interval: ruling.interval && [rounded(ruling.interval[0]), rounded(ruling.interval[1])],
    bound: rounded(ruling.bound),
    unit,
    margin,
    nearMiss: result === 'pass' && margin !== null && margin < 0.1,
    ...(result === 'inconclusive' && needsMore !== undefined && { needsMore }),
    window: { fromMs: rounded(window.fromMs)!, toMs: rounded(window.toMs)!, phases: window.phases },
    ...(source && { source }),
  }
}

/** Relative distance to the bound, negative when violated. What must be none at all is met or not: no distance. */
function marginOf({ good, measured, bound }: Ruling): number | null {
  if (good === undefined || measured === null || bound === null || bound === 0) return null
  const distance = good === 'below' ? bound - measured : measured - bound
  return rounded(distance / bound)
}

/** Six digits after the point: below every instrument's precision, and free of floating-point noise. */
function rounded(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Math.round(value * 1e6) / 1e6 + 0
}

/** Failures in causal order, then what is undecided, then narrow passes, then the rest; ties as written. */
function inOrder(findings: Finding[]): Finding[] {
  const rank = ({ result, nearMiss }: Finding): number => (result === 'fail' ? 0 : result === 'inconclusive' ? 1 : nearMiss ? 2 : 3)
  return findings.toSorted((a, b) => rank(a) - rank(b) || causalRank(a.cause) - causalRank(b.cause))
}

/** A guard against blindness gates too: what no criterion asked about may still have been missed. */
function overall(counts: Verdict['counts'], guards: readonly Guard[]): Result {
  if (counts.fail > 0) return 'fail'
  const blind = guards.some(({ ok, bias }) => !ok && bias !== 'slower')
  return counts.inconclusive > 0 || counts.pass === 0 || blind ? 'inconclusive' : 'pass'
}
