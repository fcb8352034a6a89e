// The judge: plan and evidence in, verdict out. A pure function that does not know which stage made the evidence. A stored run judged
// again gives the same verdict, byte for byte.
//
//   criterion ──rule──▶ RawFinding ──credibility──▶ ──multiplicity──▶ Finding ──┐
//   run ──────────────▶ validity checks ────────────────────────────────────────┴──▶ Verdict
import { countAlerts } from '../criteria/alerts/false-ones.ts'
import { causalRank } from '../criteria/finding/cause.ts'
import type { KnownCriterion, Relation } from '../criteria/criterion.ts'
import { knownCriterion } from '../criteria/criteria.ts'
import type { CustomCriteria } from '../criteria/custom.ts'
import { withObservedBreakers } from '../criteria/measure/breaker/observed-breakers.ts'
import type { Observation } from '../criteria/finding/observation.ts'
import type { Case, RawFinding, Result } from '../criteria/finding/raw-finding.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { abilities } from '../plan/ability.ts'
import { isExpected } from '../plan/expectations.ts'
import type { Plan, PlannedCriterion } from '../plan/plan.ts'
import { credible } from './credibility.ts'
import { inferredOf } from './inferred.ts'
import { amongAll } from './multiplicity.ts'
import { withContradictions } from './validity/contradictions.ts'
import { remedyFor } from './remedy/remedies.ts'
import { checkValidity } from './validity/validity.ts'
import type { Finding, InferredBreaker, ValidityCheck, Verdict } from './verdict.ts'

/** A pass with less margin than this is a near miss. */
const NEAR = 0.1

/**
 * `custom` holds the project's own criteria of the plan (see `loadCriteria`); `observe` says whose word counts about breakers; `command` is
 * the one that started the run, for remedies.
 */
export function judge(
  plan: Plan,
  evidence: Evidence,
  custom: CustomCriteria = new Map(),
  observe: Observation = 'both',
  command?: string,
): Verdict {
  const run = withObservedBreakers({ plan, evidence, ...(command !== undefined && { command }) }, observe)
  const known = plan.criteria.map(({ criterion }) => knownCriterion(criterion, custom))
  const raw = amongAll(plan.criteria.map(({ severity }, at) => ({ decides: severity !== 'warn', finding: rawFinding(known[at]!, run) })))
  const verdict = verdictOf(run, known, raw, (findings) => withContradictions(checkValidity(run, known), findings), inferredOf(run))
  const alerts = countAlerts(run)
  return alerts ? { ...verdict, alerts } : verdict
}

/** The verdict that raw findings make, one for each criterion of the plan. */
export function verdictOf(
  run: Case,
  known: readonly KnownCriterion[],
  raw: readonly RawFinding[],
  checks: (findings: readonly Finding[]) => ValidityCheck[],
  inferred: InferredBreaker[] = [],
): Verdict {
  const { plan } = run
  const findings = inOrder(plan.criteria.map((planned, at) => findingOf(planned, known[at]!, raw[at]!, run)))
  const validity = checks(findings)
  const deciding = findings.filter(({ severity }) => severity === 'error')
  const count = (result: Result): number => deciding.filter((finding) => finding.result === result).length
  const counts = { pass: count('pass'), fail: count('fail'), inconclusive: count('inconclusive') }
  return {
    schemaVersion: 2,
    scenario: plan.scenario,
    seed: plan.seed,
    settings: plan.settings,
    result: overall(counts, validity),
    counts,
    warnings: findings.filter(isWarning).length,
    findings,
    validity,
    ...(inferred.length > 0 && { inferred }),
    why: [
      ...(deciding.length === 0 ? ['nothing was demanded, so nothing is proved; add a criterion'] : []),
      ...findings.filter(({ result }) => result !== 'pass').map(reasonOf),
      ...validity.filter(({ ok }) => !ok).map(({ sentence, remedy }) => (remedy === null ? sentence : `${sentence}; ${remedy}`)),
    ],
  }
}

/** What one criterion says of a run, as far as the run may be believed. */
export function rawFinding(known: KnownCriterion, run: Case): RawFinding {
  return credible(known.judge(run), run, known.breaker === 'events' ? known.upstream : undefined)
}

function findingOf({ id, criterion, source, severity }: PlannedCriterion, known: KnownCriterion, raw: RawFinding, run: Case): Finding {
  const { sentence, relation, latencyBound } = known
  const margin = marginOf(raw, relation)
  // So many requests are allowed: as many are as good as fewer.
  const isExact = raw.interval === null && raw.unit === 'requests'
  const { result, cause, n, unit, window, needsMore } = raw
  const lacks = unexpectedLack(raw, run.plan, known.upstream)
  const why = lacks === undefined ? raw.why : `${raw.why}; ${lacks}`
  const remedy = remedyFor({ raw, run, upstream: known.upstream, isPooled: known.breaker === 'none' })
  return {
    id,
    criterion,
    sentence,
    result,
    severity: lacks === undefined ? (severity ?? 'error') : 'warn',
    ...(cause !== undefined && result !== 'pass' && { cause }),
    why,
    ...(remedy !== undefined && { remedy }),
    n,
    measured: rounded(raw.measured),
    interval: raw.interval && [rounded(raw.interval[0]), rounded(raw.interval[1])],
    bound: rounded(raw.bound),
    relation,
    unit,
    margin,
    nearMiss: result === 'pass' && margin !== null && margin < NEAR && !isExact,
    ...(result === 'inconclusive' && needsMore !== undefined && { needsMore }),
    window: { fromMs: rounded(window.fromMs)!, toMs: rounded(window.toMs)!, phases: window.phases },
    ...(latencyBound && { latencyBound }),
    ...(source && { source }),
  }
}

/** Relative distance to the bound, negative when violated. What must be all or none is met or not: it has no distance. */
function marginOf({ measured, bound }: RawFinding, relation: Relation): number | null {
  if (relation === 'all' || measured === null || bound === null || bound === 0) return null
  const distance = relation === 'above' || relation === 'at_least' ? measured - bound : bound - measured
  return rounded(distance / bound)
}

/** Six digits after the point: below every instrument's precision, and free of floating-point noise. */
function rounded(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Math.round(value * 1e6) / 1e6 + 0
}

/** That the gateway does not have what nobody expects of it; undefined where the finding stands as it is. */
function unexpectedLack({ result, absent }: RawFinding, plan: Plan, upstream: string | undefined): string | undefined {
  if (result === 'pass' || absent === undefined || upstream === undefined || isExpected(plan.gateway, upstream, absent)) return undefined
  return absent === 'requestIds'
    ? `no expectation can name the ids of requests, and none arrived at ${upstream}, so this only warns`
    : `no expectation names ${abilities[absent]} for ${upstream}, so this only warns`
}

const isWarning = ({ severity, result }: Finding): boolean => severity === 'warn' && result !== 'pass'

const reasonOf = (finding: Finding): string => `${isWarning(finding) ? 'warning: ' : ''}${finding.sentence}: ${finding.why}`

/** Failures in causal order, then what is undecided, then warnings, then near misses, then the rest; ties as written. */
function inOrder(findings: Finding[]): Finding[] {
  const rank = (finding: Finding): number => {
    if (isWarning(finding)) return 2
    return finding.result === 'fail' ? 0 : finding.result === 'inconclusive' ? 1 : finding.nearMiss ? 3 : 4
  }
  return findings.toSorted((a, b) => rank(a) - rank(b) || causalRank(a.cause) - causalRank(b.cause))
}

/** A run that may have hidden failures passes nothing, even where no criterion asked about them. */
function overall(counts: Verdict['counts'], validity: readonly ValidityCheck[]): Result {
  if (counts.fail > 0) return 'fail'
  const blind = validity.some(({ ok, bias }) => !ok && bias !== 'slower')
  return counts.inconclusive > 0 || counts.pass === 0 || blind ? 'inconclusive' : 'pass'
}
