// A small bundle that nothing is wrong with: what mutants are made of.
import { upstreamPolicies } from '../../../src/policies/settings.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import type { RunRecord } from '../../../src/run/bundle/record.ts'
import { journalOf, planOf } from '../../judge/history.ts'
import { record as whole } from '../../report/reference-run.ts'

const base = planOf([
  { kind: 'transitions', upstream: 'gemini', sequence: ['closed', 'open', 'half_open', 'closed'] },
  { kind: 'latency', quantile: 0.95, outcomes: ['ok'], belowMs: 300, upstream: 'gemini' },
  { kind: 'error_rate', below: 0.01 },
  { kind: 'unharmed', upstream: 'assemblyai', comparedWith: 'steady', latencyRatio: 1.5, latencySlackMs: 20, errorRateBelow: 0.01 },
])
const END = 1200
const plan: Plan = {
  ...base,
  gateway: { upstreams: { gemini: upstreamPolicies.parse({ breaker: {} }), assemblyai: upstreamPolicies.parse({}) } },
  load: { ...base.load, rate: [{ fromMs: 0, toMs: END, startPerSecond: 50, endPerSecond: 50 }] },
  phases: [
    { name: 'steady', startMs: 0, endMs: 600, warmUp: false, expected: 30 },
    { name: 'outage', startMs: 600, endMs: END, warmUp: false, expected: 30 },
  ],
  faults: base.faults.map((fault) => Object.assign({}, fault, { startMs: 600, endMs: END })),
  durationMs: END,
}
/** What run.json holds. */
export const record: RunRecord = { ...whole, seed: plan.seed, plan }
/** Of journal.ndjson. */
export const lines = [...journalOf({ breaker: [['open', 700]] }, plan)].map((event) => JSON.stringify(event))
