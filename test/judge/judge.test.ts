import { expect, it } from 'vitest'
import { judge } from '../../src/judge/judge.ts'
import { type Story, evidenceOf, failing, healthyGemini, ok, planOf, verdictOf } from './history.ts'
import { steadyP95, opens, all } from './criteria.ts'

it('gives the same bytes for the same run', async () => {
  const story: Story = { gemini: (dueMs) => (dueMs > 30_000 ? failing : healthyGemini(dueMs)) }
  const plan = planOf(all)
  const [first, second] = [judge(plan, await evidenceOf(story, plan)), judge(plan, await evidenceOf(story, plan))]
  expect(JSON.stringify(second)).toBe(JSON.stringify(first))
  const once = await evidenceOf(story, plan)
  expect(JSON.stringify(judge(plan, once))).toBe(JSON.stringify(judge(plan, once)))
})

it('is undecided when nothing is demanded', async () => {
  expect(await verdictOf([])).toMatchObject({
    result: 'inconclusive',
    why: ['nothing was demanded, so nothing is proved; add a criterion'],
  })
})

it('puts root causes before symptoms, then doubts, near misses and passes', async () => {
  const disaster: Story = { breaker: [], gemini: (dueMs) => (dueMs >= 12_000 && dueMs < 22_000 ? { ...failing, attempts: 3 } : ok) }
  const inOutage = { upstream: 'gemini', during: ['outage'] }
  const verdict = await verdictOf(
    [
      { ...steadyP95, belowMs: 30 },
      steadyP95,
      { kind: 'error_rate', below: 0.1, ...inOutage },
      { ...steadyP95, belowMs: 52 },
      { kind: 'amplification', below: 2, ...inOutage },
      { kind: 'error_rate', below: 0.0001, upstream: 'gemini', during: ['steady'] },
      opens,
      { kind: 'no_unsafe_retries', upstream: 'gemini' },
    ],
    disaster,
  )
  expect(verdict.findings.map(({ id, cause, result }) => `${id} ${cause ?? result}`)).toEqual([
    'C8 unsafe_retry',
    'C7 never_opened',
    'C5 retry_storm',
    'C3 too_many_errors',
    'C1 too_slow',
    'C6 too_few_samples',
    'C4 pass',
    'C2 pass',
  ])
  expect(verdict.result).toBe('fail')
  expect(verdict.why).toHaveLength(6)
  expect(verdict.why[0]).toMatch(/^no unsafe request reaches gemini twice: [\d,]+ of [\d,]+ unsafe arrivals were repeats/)
})
