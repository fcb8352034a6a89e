// Gateways whose breakers are known, inferred from what a fake and the clients saw of them: right, or not told. Never wrong.
import { expect, it } from 'vitest'
import type { Criterion } from '../../../../src/criteria/criteria.ts'
import type { Result } from '../../../../src/criteria/finding/raw-finding.ts'
import { judge } from '../../../../src/judge/judge.ts'
import type { InferredBreaker, Verdict } from '../../../../src/judge/verdict.ts'
import { type Change, FAULT, type Gateway, RECOVERY, type Upstream, planFor, simulate } from './traffic-simulation.ts'

// Each of them once made an inference wrong that the others did not.
const SEEDS = [6, 9, 18]

const criteria = {
  goes: { kind: 'transitions', upstream: 'gemini', sequence: ['closed', 'open', 'half_open', 'closed'] },
  opens: { kind: 'opens_within', upstream: 'gemini', phase: 'outage', withinMs: 2500 },
  closes: { kind: 'closes_within', upstream: 'gemini', phase: 'outage', withinMs: 5500 },
  stays: { kind: 'stays_closed', upstream: 'gemini' },
  recovers: { kind: 'recovers_after', upstream: 'gemini', earliestMs: RECOVERY, latestMs: 1.5 * RECOVERY },
  probes: { kind: 'probes_at_most', upstream: 'gemini', most: 1 },
} satisfies Record<string, Criterion>
type Asked = keyof typeof criteria

/** What must come out where it can be told. */
const opening: Record<Asked, Result> = { goes: 'pass', opens: 'pass', closes: 'pass', stays: 'fail', recovers: 'pass', probes: 'pass' }
const never: Record<Asked, Result> = {
  goes: 'fail',
  opens: 'fail',
  closes: 'fail',
  stays: 'pass',
  recovers: 'inconclusive',
  probes: 'inconclusive',
}
const untold: Record<Asked, Result> = {
  goes: 'inconclusive',
  opens: 'inconclusive',
  closes: 'inconclusive',
  stays: 'inconclusive',
  recovers: 'inconclusive',
  probes: 'inconclusive',
}

interface Model {
  gateway: Gateway
  upstream?: Upstream
  right: Record<Asked, Result>
  /** What is told on every seed. */
  told: readonly Asked[]
}

const main = ['goes', 'opens', 'closes', 'stays'] as const
const all = [...main, 'recovers', 'probes'] as const

const models: Record<string, Model> = {
  'a breaker that counts': { gateway: {}, right: opening, told: main },
  'a breaker that counts timeouts': { gateway: {}, upstream: { fails: 'hangs' }, right: opening, told: all },
  'a half-open breaker that lets all pass': {
    gateway: { permits: 1000 },
    upstream: { fails: 'hangs' },
    right: { ...opening, probes: 'fail' },
    told: [...main, 'probes'],
  },
  'a breaker, and requests that are swallowed on their way': {
    gateway: {},
    upstream: { fails: 'swallowed on its way' },
    right: opening,
    told: main,
  },
  'a breaker, and requests that are swallowed where nobody sees them': {
    gateway: {},
    upstream: { fails: 'swallowed on its way', noFront: true },
    right: untold,
    told: all,
  },
  'no breaker, and requests that are swallowed on their way': {
    gateway: { trips: 'never' },
    upstream: { fails: 'swallowed on its way' },
    right: never,
    told: main,
  },
  'a full bulkhead, and requests that are swallowed on their way': {
    gateway: { trips: 'never', bulkhead: 6 },
    upstream: { fails: 'swallowed on its way' },
    right: never,
    told: main,
  },
  'a breaker, and answers that are kept': { gateway: {}, upstream: { fails: 'answers kept' }, right: opening, told: main },
  'a full bulkhead, and answers that are kept': {
    gateway: { trips: 'never', bulkhead: 6 },
    upstream: { fails: 'answers kept' },
    right: never,
    told: main,
  },
  'a breaker without ids, and answers that are kept': {
    gateway: { anonymous: true },
    upstream: { fails: 'answers kept' },
    right: untold,
    told: all,
  },
  'a breaker by failure rate, with a cache': { gateway: { trips: 'rate', refuses: 'fallback' }, right: opening, told: main },
  'a breaker that refuses without a mark': { gateway: { refuses: 'upstream_error' }, right: opening, told: main },
  'a retry around the breaker': { gateway: { retriesAround: true }, right: opening, told: main },
  'two workers': { gateway: { workers: 2 }, right: opening, told: main },
  'two workers and timeouts': { gateway: { workers: 2 }, upstream: { fails: 'hangs' }, right: opening, told: main },
  'three workers, one of which feels no fault': { gateway: { workers: 3, unhurtWorkers: 1 }, right: untold, told: [] },
  'a bulkhead of six with a cache, and no breaker': { gateway: { trips: 'never', bulkhead: 6 }, right: never, told: main },
  'a full bulkhead of six with a cache, and no breaker': {
    gateway: { trips: 'never', bulkhead: 6 },
    upstream: { fails: 'hangs' },
    right: never,
    told: main,
  },
  'a breaker behind a bulkhead': { gateway: { bulkhead: 6 }, upstream: { fails: 'hangs' }, right: opening, told: ['goes', 'closes'] },
  'no breaker': { gateway: { trips: 'never' }, right: never, told: main },
  'a limiter': { gateway: { trips: 'never', limit: 60 }, right: never, told: main },
  'a limiter that refuses without a mark': { gateway: { trips: 'never', limit: 60, refuses: 'upstream_error' }, right: never, told: [] },
  'a breaker and a limiter': { gateway: { limit: 60 }, right: opening, told: main },
  'health checks that decide': { gateway: { trips: 'never', checksEveryMs: 500 }, right: opening, told: main },
  'health checks that decide, and no ids': {
    gateway: { trips: 'never', checksEveryMs: 500, anonymous: true },
    right: opening,
    told: [],
  },
  'rare health checks that decide, and no ids': {
    gateway: { trips: 'never', checksEveryMs: 1500, anonymous: true },
    right: opening,
    told: [],
  },
  'shared calls and a breaker': { gateway: { questions: 20 }, right: opening, told: main },
  'shared calls with retries around the breaker': {
    gateway: { questions: 3, retriesAround: true, failures: 40 },
    right: opening,
    told: main,
  },
  'shared calls that time out, without a mark': {
    gateway: { questions: 3, failures: 6, refuses: 'upstream_error' },
    upstream: { fails: 'hangs' },
    right: opening,
    told: ['goes', 'closes', 'stays'],
  },
  'shared calls that are swallowed on their way, without a mark': {
    gateway: { questions: 3, retriesAround: true, refuses: 'upstream_error' },
    upstream: { fails: 'swallowed on its way' },
    right: opening,
    told: ['goes', 'closes', 'stays'],
  },
  'shared calls and no breaker': { gateway: { trips: 'never', questions: 20 }, right: never, told: main },
  'shared calls with retries, and no breaker': { gateway: { trips: 'never', questions: 3, retriesAround: true }, right: never, told: main },
  'shared calls that time out, and no breaker': {
    gateway: { trips: 'never', questions: 3, refuses: 'upstream_error' },
    upstream: { fails: 'hangs' },
    right: never,
    told: main,
  },
  'no ids': { gateway: { anonymous: true }, right: opening, told: main },
  'no ids and no breaker': { gateway: { anonymous: true, trips: 'never' }, right: never, told: main },
  'no ids and two workers, one of which feels no fault': {
    gateway: { anonymous: true, workers: 2, unhurtWorkers: 1 },
    right: untold,
    told: [],
  },
}

const asked = Object.keys(criteria) as Asked[]

function judged(
  gateway: Gateway,
  seed: number,
  upstream?: Upstream,
): { results: Record<Asked, Result>; verdict: Verdict; truth: Change[] } {
  const plan = planFor(Object.values(criteria), seed, upstream)
  const { evidence, truth } = simulate(plan, gateway, upstream)
  const verdict = judge(plan, evidence)
  const resultOf = (at: number): Result => verdict.findings.find(({ id }) => id === `C${at + 1}`)!.result
  // The names are the table's, in its order.
  const results = Object.fromEntries(asked.map((name, at) => [name, resultOf(at)])) as Record<Asked, Result>
  return { results, verdict, truth }
}

const breakerOf = ({ inferred }: Verdict): InferredBreaker => inferred!.find(({ upstream }) => upstream === 'gemini')!

it.each(Object.entries(models))('tells right, or does not tell, of %s', (_name, { gateway, upstream, right, told }) => {
  for (const seed of SEEDS) {
    const { results, verdict } = judged(gateway, seed, upstream)
    for (const name of asked)
      expect([right[name], 'inconclusive'], `seed ${seed}: ${name} of ${JSON.stringify(verdict.why)}`).toContain(results[name])
    for (const name of told) expect(results[name], `seed ${seed}: ${name} of ${JSON.stringify(verdict.why)}`).toBe(right[name])
  }
})

it.each([
  'a breaker that counts',
  'a breaker that counts timeouts',
  'a retry around the breaker',
  'a breaker and a limiter',
  'shared calls and a breaker',
  'no ids',
])('knows between which times the states changed: %s', (name) => {
  const { gateway, upstream } = models[name]!
  for (const seed of SEEDS) {
    const { verdict, truth } = judged(gateway, seed, upstream)
    const { transitions } = breakerOf(verdict)
    expect(transitions.map(({ to }) => to)).toEqual(truth.map(({ to }) => to))
    for (const [at, { betweenMs, to }] of transitions.entries()) {
      // Times of the simulation are not rounded.
      expect(truth[at]!.atMs, `seed ${seed}: ${to}`).toBeGreaterThanOrEqual(betweenMs[0] - 0.01)
      expect(truth[at]!.atMs, `seed ${seed}: ${to}`).toBeLessThanOrEqual(betweenMs[1] + 0.01)
    }
  }
})

it('says in which share of the workers a breaker is open', () => {
  for (const seed of SEEDS) {
    const { verdict } = judged({ workers: 3, unhurtWorkers: 1 }, seed)
    const [first, ...others] = breakerOf(verdict).partly
    expect(others).toEqual([])
    expect(Math.abs(first!.share[1] - 2 / 3), `seed ${seed}`).toBeLessThan(0.08)
    expect(first!.words).toMatch(/^open for \d\d(\.\d)? % of the requests(, as in 2 of 3 workers,)? from 8\.\d s to 14\.\d s$/)
    expect(first!.fromMs).toBeGreaterThanOrEqual(FAULT.startMs)
    expect(verdict.findings.map(({ cause }) => cause)).toEqual(asked.map(() => 'partly_open'))
  }
})

it('takes no request that waits for a probe for one that the open breaker refused', () => {
  const refusals: Criterion = { kind: 'fast_fail', upstream: 'gemini', quantile: 0.95, belowMs: 50, during: ['outage'] }
  for (const seed of SEEDS) {
    const plan = planFor([refusals], seed, { fails: 'hangs' })
    const { evidence } = simulate(plan, { questions: 3, refuses: 'upstream_error' }, { fails: 'hangs' })
    expect(judge(plan, evidence).findings[0], `seed ${seed}`).toMatchObject({ result: 'pass' })
  }
})

it('sees a defect of a breaker in traffic alone', () => {
  for (const seed of SEEDS) {
    const early = judged({ recoversMs: 800 }, seed)
    expect(early.results.recovers).toBe('fail')
    const late = judged({ recoversMs: 8000 }, seed)
    expect(late.results).toMatchObject({ recovers: 'fail', goes: 'pass' })
    const flooding = judged({ permits: 1000 }, seed, { fails: 'hangs' })
    expect(flooding.results.probes).toBe('fail')
  }
})
