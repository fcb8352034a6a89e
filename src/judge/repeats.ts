// Several runs of one scenario, each with a seed of its own, judged as one.
//
//   what is counted  error rates, latencies …: the requests of all runs, judged once
//   all the rest     transitions, what was seen …: each run speaks for itself, and the worst for all
import { causalRank } from '../criteria/finding/cause.ts'
import { knownCriterion } from '../criteria/criteria.ts'
import type { KnownCriterion } from '../criteria/criterion.ts'
import type { CustomCriteria } from '../criteria/custom.ts'
import { withObservedBreakers } from '../criteria/measure/breaker/observed-breakers.ts'
import type { Observation } from '../criteria/finding/observation.ts'
import type { Case, HarnessDelay, RawFinding, Result } from '../criteria/finding/raw-finding.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { poolEvidence } from '../evidence/merge.ts'
import type { Plan } from '../plan/plan.ts'
import { harnessDelayIn, harnessDelayText } from './harness-delay.ts'
import { judge, rawFinding, verdictOf } from './judge.ts'
import { amongAll } from './multiplicity.ts'
import type { ValidityCheck, Verdict } from './verdict.ts'

/** A run as it was planned and seen; all of one call are of one scenario, with different seeds. */
export type PlayedCase = Readonly<{ plan: Plan; evidence: Evidence }>

/** `custom`, `observe` and `command` as of `judge`. */
export function judgeRepeats(
  runs: readonly [PlayedCase, ...PlayedCase[]],
  custom: CustomCriteria = new Map(),
  observe: Observation = 'both',
  command?: string,
): Verdict {
  const [first, ...others] = runs
  const cases = [withObservedBreakers(first, observe), ...others.map((run) => withObservedBreakers(run, observe))] as const
  const pooled: Case = {
    ...cases[0],
    ...(command !== undefined && { command }),
    runs: runs.length,
    evidence: poolEvidence([cases[0].evidence, ...cases.slice(1).map(({ evidence }) => evidence)]),
  }
  const { plan } = first
  const known = plan.criteria.map(({ criterion }) => knownCriterion(criterion, custom))
  const raw = amongAll(
    plan.criteria.map(({ severity }, at) => ({ decides: severity !== 'warn', finding: together(known[at]!, cases, pooled) })),
  )
  const verdicts = runs.map((run) => judge(run.plan, run.evidence, custom, observe, command))
  const checks = verdicts.map(({ validity }) => validity)
  const alerts = addedAlerts(verdicts)
  const verdict = verdictOf(pooled, known, raw, () => worstChecks(checks, cases))
  return { ...verdict, seeds: runs.map((run) => run.plan.seed), ...(alerts && { alerts }) }
}

/** Of all runs; undefined where none has any. */
export function addedAlerts(verdicts: readonly Pick<Verdict, 'alerts'>[]): Verdict['alerts'] {
  return verdicts
    .flatMap(({ alerts }) => alerts ?? [])
    .reduce<Verdict['alerts']>((a, b) => ({ raised: (a?.raised ?? 0) + b.raised, false: (a?.false ?? 0) + b.false }), undefined)
}

function together(known: KnownCriterion, cases: readonly Case[], pooled: Case): RawFinding {
  const each = cases.map((run) => rawFinding(known, run))
  if (known.breaker === 'none' && each.every(isCounted)) return withoutDelay(known.judge(pooled), cases)
  const [worst] = each.map((raw, at) => ({ raw, at })).toSorted((a, b) => rank(a.raw) - rank(b.raw) || depth(a.raw) - depth(b.raw))
  const { raw, at } = worst!
  return { ...raw, n: each.reduce((total, { n }) => total + n, 0), why: `${runName(cases, at)}: ${raw.why}` }
}

const worstFirst: readonly Result[] = ['fail', 'inconclusive', 'pass']
const rank = ({ result }: RawFinding): number => worstFirst.indexOf(result)
const depth = ({ cause }: RawFinding): number => causalRank(cause)

/** More requests may still change it. A run that cannot be believed, and a failure that is certain, stay what they are. */
function isCounted({ result, cause, failsAt }: RawFinding): boolean {
  if (result === 'inconclusive') return cause === 'too_few_samples' || cause === 'no_samples'
  return failsAt !== undefined && cause !== 'gateway_died' && cause !== 'contradiction'
}

/** A failure of all runs together that the harness's delay in any of them may have made is undecided, as in one run. */
function withoutDelay(raw: RawFinding, cases: readonly Case[]): RawFinding {
  if (raw.result !== 'fail' || !raw.withoutHarnessDelay) return raw
  const delay = cases.map((run) => harnessDelayIn(run, raw.window.phases)).reduce(addDelays)
  if (raw.withoutHarnessDelay(delay) === 'fail') return raw
  return { ...raw, result: 'inconclusive', cause: 'harness_unhealthy', why: `${harnessDelayText(delay)} (so far: ${raw.why})` }
}

function addDelays(a: HarnessDelay, b: HarnessDelay): HarnessDelay {
  return {
    latestMs: Math.max(a.latestMs, b.latestMs),
    stallMs: Math.max(a.stallMs, b.stallMs),
    stallMsAmid: (amid) => Math.max(a.stallMsAmid(amid), b.stallMsAmid(amid)),
    starvedMs: Math.max(a.starvedMs, b.starvedMs),
    stalls: a.stalls + b.stalls,
    stalledMs: a.stalledMs + b.stalledMs,
    lateShare: (a.lateShare * a.windowMs + b.lateShare * b.windowMs) / Math.max(1, a.windowMs + b.windowMs),
    windowMs: a.windowMs + b.windowMs,
    saturated: a.saturated || b.saturated,
    stolen: Math.max(a.stolen, b.stolen),
    unhealthy: a.unhealthy || b.unhealthy,
    openings: [...a.openings, ...b.openings],
  }
}

/** Of each check the first that did not hold, with the run in which it did not. */
function worstChecks(checks: readonly ValidityCheck[][], cases: readonly Case[]): ValidityCheck[] {
  const byId = new Map<string, ValidityCheck>()
  for (const [at, ofRun] of checks.entries())
    for (const check of ofRun) {
      const told = check.ok ? check : { ...check, sentence: `${runName(cases, at)}: ${check.sentence}` }
      if (byId.get(check.id)?.ok ?? true) byId.set(check.id, told)
    }
  return [...byId.values()]
}

const runName = (cases: readonly Case[], at: number): string => `run ${at + 1} of ${cases.length} (seed ${cases[at]!.plan.seed})`
