// Hand-written pairs of runs: the same gateway again, a slower one, one that fails more often, and pairs that cannot be compared.
import { describe, expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { judge } from '../../../src/judge/judge.ts'
import { seededRandom } from '../../../src/kernel/random.ts'
import { type Comparison, compareRuns } from '../../../src/run/comparison/comparison.ts'
import type { JudgedRun } from '../../../src/run/judged-run.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { upstreamPolicies } from '../../../src/policies/settings.ts'
import { type Answer, type Story, evidenceOf, healthyGemini, ok, planOf } from '../../judge/history.ts'
import { record } from '../../report/reference-run.ts'
import { loopDelay } from '../../report/verdicts.ts'

const criteria: Criterion[] = [
  { kind: 'error_rate', below: 0.02, during: ['steady'] },
  { kind: 'latency', quantile: 0.95, outcomes: ['ok'], belowMs: 300, during: ['recovery'] },
]

async function played(story: Story = {}, change: Partial<Plan> = {}, about: Partial<JudgedRun['record']> = {}): Promise<JudgedRun> {
  const plan = planOf(criteria, change, 120)
  const evidence = await evidenceOf(story, plan)
  return { record: { ...record, plan, ...about }, evidence, verdict: judge(plan, evidence) }
}

/** A gateway whose good answers scatter as real ones do; `slower` times as slow, and failing now and then. */
function gateway(seed: number, { slower = 1, failing = 0 }: { slower?: number; failing?: number } = {}): Story {
  const random = seededRandom(seed)
  const scattered = (answer: Answer): Answer =>
    random.next() < failing
      ? { ...answer, outcome: 'upstream_error', latencyMs: 9 }
      : { ...answer, latencyMs: answer.latencyMs * slower * Math.exp(random.normal() * 0.4) }
  return { gemini: (dueMs) => scattered(healthyGemini(dueMs)), assemblyai: () => scattered(ok) }
}

const worse = ({ criteria: some, figures }: Comparison): string[] => [
  ...some.filter(({ change }) => change === 'worse').map(({ id }) => id),
  ...figures.filter(({ change }) => change === 'worse').map(({ phase, upstream, figure }) => `${phase} ${upstream} ${figure}`),
]

describe('two runs of one gateway', () => {
  it('differ by no more than noise, again and again', async () => {
    const first = await played(gateway(1))
    for (let seed = 2; seed < 12; seed++) {
      const comparison = compareRuns(first, await played(gateway(seed)))
      expect(comparison.incomparable).toEqual([])
      expect(comparison.figures.length).toBeGreaterThan(15)
      expect({ seed, result: comparison.result, worse: worse(comparison) }).toEqual({ seed, result: 'within_noise', worse: [] })
    }
  })
})

describe('a gateway that', () => {
  it('is slower is worse in latency alone, and better the other way round', async () => {
    const [fast, slow] = [await played(gateway(1)), await played(gateway(2, { slower: 2 }))]
    const comparison = compareRuns(fast, slow)
    expect(comparison.result).toBe('worse')
    expect(worse(comparison).filter((name) => !/p50|p95|^C2$/.test(name))).toEqual([])
    expect(worse(comparison)).toContain('steady gemini p95')
    expect(compareRuns(slow, fast).result).toBe('better')
  })

  it('fails more often is worse, by the criterion and by the figure', async () => {
    const comparison = compareRuns(await played(gateway(1)), await played(gateway(2, { failing: 0.08 })))
    expect(worse(comparison)).toEqual(expect.arrayContaining(['C1', 'steady gemini errors', 'recovery assemblyai errors']))
    expect(comparison.criteria.find(({ id }) => id === 'C1')).toMatchObject({ before: { result: 'pass' }, now: { result: 'fail' } })
  })

  it('tries requests more often is worse', async () => {
    const twice: Story = { assemblyai: (_due, index) => ({ ...ok, attempts: index % 2 ? 1 : 2 }) }
    expect(worse(compareRuns(await played(), await played(twice)))).toContain('steady assemblyai attempts')
  })

  it('fails more often, but by less than the tolerance, is not worse', async () => {
    const comparison = compareRuns(await played(gateway(1)), await played(gateway(2, { failing: 0.005 })))
    expect(worse(comparison)).toEqual([])
  })

  it('is judged by a warning is not worse by it', async () => {
    const [before, now] = [await played(gateway(1)), await played(gateway(2))]
    const warned = now.verdict.findings.map((finding) => Object.assign({}, finding, { severity: 'warn' as const, result: 'fail' as const }))
    const comparison = compareRuns(before, { ...now, verdict: { ...now.verdict, findings: warned } })
    expect(worse(comparison)).toEqual(['C1', 'C2'])
    expect(comparison.result).toBe('within_noise')
  })
})

describe('what cannot be told', () => {
  it('is whether a gateway is slower, where the harness was slow in the later run', async () => {
    const [fast, slow] = [await played(gateway(1)), await played(gateway(2, { slower: 2 }))]
    const doubtful: JudgedRun = { ...slow, verdict: { ...slow.verdict, validity: [loopDelay] } }
    const comparison = compareRuns(fast, doubtful)
    expect(worse(comparison)).toEqual([])
    expect(comparison.result).toBe('untold')
    // A slow harness in the earlier run makes no later one look slower.
    const earlier: JudgedRun = { ...fast, verdict: { ...fast.verdict, validity: [loopDelay] } }
    expect(compareRuns(earlier, slow).result).toBe('worse')
  })

  it('is a criterion that passed, and is inconclusive now', async () => {
    const [before, now] = [await played(gateway(1)), await played(gateway(2))]
    const findings = now.verdict.findings.map((finding) => Object.assign({}, finding, { result: 'inconclusive' as const }))
    expect(compareRuns(before, { ...now, verdict: { ...now.verdict, findings } }).result).toBe('untold')
  })

  it('says too few samples, not noise, where no bound exists', async () => {
    const rare: Story = {
      gemini: (dueMs, index) => (index % 40 < 2 ? healthyGemini(dueMs) : { ...healthyGemini(dueMs), outcome: 'fallback' }),
    }
    const { figures } = compareRuns(await played(rare), await played(rare))
    expect(figures.find(({ phase, upstream, figure }) => phase === 'steady' && upstream === 'gemini' && figure === 'p95')?.change).toBe(
      'too_few',
    )
  })
})

describe('two runs cannot be compared', () => {
  const why = async (before: Promise<JudgedRun>, now: Promise<JudgedRun>): Promise<string> => {
    const comparison = compareRuns(await before, await now)
    expect(comparison.result).toBe('incomparable')
    expect(comparison.criteria).toEqual([])
    expect(comparison.figures).toEqual([])
    return comparison.incomparable.join('; ')
  }

  it('of two scenarios', async () => {
    expect(await why(played(), played({}, { scenario: 'other' }))).toBe('they are of two scenarios, gemini-outage and other')
  })

  it('at two rates', async () => {
    const { load } = planOf(criteria, {}, 120)
    const half = load.rate.map((piece) => Object.assign({}, piece, { startPerSecond: 60, endPerSecond: 60 }))
    expect(await why(played(), played({}, { load: { ...load, rate: half } }))).toBe('they have another rate: 120/s and 60/s at most')
  })

  it('with other faults', async () => {
    expect(await why(played(), played({}, { faults: [] }))).toBe('they have other faults')
  })

  it('on two machines', async () => {
    const host = { ...record.host, cores: 8 }
    expect(await why(played(), played({}, {}, { host }))).toBe('they ran on 2 cores and 8 cores')
  })

  it('where one did not come to its end', async () => {
    expect(await why(played(), played({ cutMs: 30_000 }))).toMatch(/did not come to its end/)
  })
})

it('tells which settings were changed on purpose, and by what', async () => {
  const gemini = upstreamPolicies.parse({ breaker: { failures: 10, recovery: '5s' } })
  const { gateway: settings } = planOf()
  const changed = { gateway: { upstreams: { ...settings.upstreams, gemini } } }
  const comparison = compareRuns(await played(), await played({}, changed, { git: { sha: 'f'.repeat(40), dirty: true } }))
  expect(comparison.incomparable).toEqual([])
  expect(comparison.changed).toContain('gateway.upstreams.gemini.breaker.failures 5 → 10')
  expect(comparison.changed).toContain('commit 4d49077a5b → ffffffffff with local changes')
})
