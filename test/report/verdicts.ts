// Hand-written verdicts for the reference run: failed, passed, and one that could not tell.
import { knownCriterion } from '../../src/criteria/criteria.ts'
import type { Finding, ValidityCheck, Verdict } from '../../src/judge/verdict.ts'
import type { Result } from '../../src/criteria/finding/raw-finding.ts'

const source = (line: number) => ({ source: { file: 'scenarios/gemini-outage.ts', line } })
/** With the product's own words for the criterion. */
const described = (facts: Omit<Finding, 'sentence' | 'relation' | 'severity' | 'latencyBound'>): Finding => {
  const { sentence, relation, latencyBound } = knownCriterion(facts.criterion)
  return { ...facts, severity: 'error', sentence, relation, ...(latencyBound && { latencyBound }) }
}

const outage = { fromMs: 15_000, toMs: 30_000, phases: ['outage'] }
const steady = { fromMs: 3000, toMs: 15_000, phases: ['steady'] }
const recovery = { fromMs: 30_000, toMs: 60_000, phases: ['recovery'] }
const settled = { result: 'pass' as const, why: '', interval: null, nearMiss: false }

export const tooSlow = described({
  id: 'C1',
  criterion: { kind: 'latency', quantile: 0.95, outcomes: ['ok'], belowMs: 1500, during: ['outage'] },
  result: 'fail',
  cause: 'too_slow',
  why: 'p95 was 2.004 s during outage, 33.6 % over 1.5 s, until the breaker of gemini opened at 16.9 s',
  n: 776,
  measured: 2004.1,
  interval: [1912, 2090],
  bound: 1500,
  unit: 'ms',
  margin: -0.336,
  nearMiss: false,
  window: outage,
  ...source(31),
})

export const tooFew = described({
  id: 'C6',
  criterion: { kind: 'latency', quantile: 0.99, outcomes: ['ok'], belowMs: 300, during: ['recovery'], upstream: 'gemini' },
  result: 'inconclusive',
  cause: 'too_few_samples',
  why: '214 samples cannot bound a p99: measured 281 ms, but it may be up to 340 ms',
  n: 214,
  measured: 281,
  interval: [240, 340],
  bound: 300,
  unit: 'ms',
  margin: 0.063,
  nearMiss: false,
  needsMore: 85,
  window: recovery,
  ...source(36),
})

export const passed: Finding[] = [
  described({
    ...settled,
    id: 'C4',
    criterion: { kind: 'error_rate', below: 0.014, during: ['steady', 'outage', 'recovery'] },
    n: 11_400,
    measured: 0.0128,
    interval: [null, 0.0139],
    bound: 0.014,
    unit: 'ratio',
    margin: 0.086,
    nearMiss: true,
    window: { fromMs: 3000, toMs: 60_000, phases: ['steady', 'outage', 'recovery'] },
    ...source(34),
  }),
  described({
    ...settled,
    id: 'C2',
    criterion: { kind: 'opens_within', upstream: 'gemini', phase: 'outage', withinMs: 5000 },
    n: 1,
    measured: 1870,
    bound: 5000,
    unit: 'ms',
    margin: 0.626,
    window: outage,
    ...source(32),
  }),
  described({
    ...settled,
    id: 'C5',
    criterion: { kind: 'amplification', upstream: 'gemini', during: ['outage'], below: 3 },
    n: 2250,
    measured: 1.83,
    bound: 3,
    unit: 'per_call',
    margin: 0.39,
    window: outage,
    ...source(35),
  }),
  described({
    ...settled,
    id: 'C3',
    criterion: { kind: 'closes_within', upstream: 'gemini', phase: 'outage', withinMs: 10_000 },
    n: 1,
    measured: 3329,
    bound: 10_000,
    unit: 'ms',
    margin: 0.667,
    window: recovery,
    ...source(33),
  }),
  described({
    ...settled,
    id: 'C7',
    criterion: { kind: 'latency', quantile: 0.95, outcomes: ['ok'], belowMs: 300, during: ['steady'] },
    n: 2391,
    measured: 189,
    interval: [184, 195],
    bound: 300,
    unit: 'ms',
    margin: 0.37,
    window: steady,
    ...source(37),
  }),
]

export const held: ValidityCheck[] = [
  {
    id: 'load_delivered',
    ok: true,
    sentence: 'the load was delivered: 11,992 of 12,004 planned requests were sent',
    measured: 0.999,
    bound: 0.97,
    unit: 'ratio',
    bias: 'blind',
    remedy: null,
  },
  { id: 'fault_bit:F1', ok: true, sentence: 'F1 was seen to bite', measured: 40, bound: 250, unit: 'ms', bias: 'blind', remedy: null },
  {
    id: 'lateness',
    ok: true,
    sentence: 'requests were sent on time: p99 of lateness',
    measured: 2.1,
    bound: 20,
    unit: 'ms',
    bias: 'slower',
    remedy: null,
  },
]

export const loopDelay: ValidityCheck = {
  id: 'loop_delay:load',
  ok: false,
  sentence: 'the event loop of the load generator stalled',
  measured: 81,
  bound: 50,
  unit: 'ms',
  bias: 'slower',
  remedy: 'lower the rate to 160/s, or use a machine with at least 4 cores',
}

export function verdict(findings: Finding[], validity: ValidityCheck[] = held): Verdict {
  const count = (result: Result): number => findings.filter((finding) => finding.severity === 'error' && finding.result === result).length
  const counts = { pass: count('pass'), fail: count('fail'), inconclusive: count('inconclusive') }
  return {
    schemaVersion: 2,
    scenario: 'gemini-outage',
    seed: 42,
    settings: 'ci',
    result: counts.fail > 0 ? 'fail' : counts.inconclusive > 0 ? 'inconclusive' : 'pass',
    counts,
    warnings: findings.filter((finding) => finding.severity === 'warn' && finding.result !== 'pass').length,
    findings,
    validity,
    why: findings.filter((finding) => finding.result !== 'pass').map((finding) => finding.why),
  }
}

export const failing = verdict([tooSlow, tooFew, ...passed])
export const passing = verdict(passed)
/** Passed, but for what decides nothing. */
export const warned = verdict([{ ...tooSlow, severity: 'warn' }, ...passed])
export const undecided = verdict([tooFew, ...passed], [...held, loopDelay])
