import { expect, it } from 'vitest'
import type { Criterion } from '../../src/criteria/criteria.ts'
import { judge } from '../../src/judge/judge.ts'
import type { Verdict } from '../../src/judge/verdict.ts'
import type { Ms } from '../../src/kernel/clock.ts'
import type { Ability } from '../../src/plan/ability.ts'
import type { Plan, PlannedCriterion } from '../../src/plan/plan.ts'
import { closes, errors, goes, opens, steadyP95 } from './criteria.ts'
import { type Story, evidenceOf, failing, healthyBreaker, ok, planOf, rejected } from './history.ts'

const fastRefusals: Criterion = { kind: 'fast_fail', upstream: 'gemini', quantile: 0.95, belowMs: 50, during: ['outage'] }
const recoversAfter: Criterion = { kind: 'recovers_after', upstream: 'gemini', earliestMs: 5000, latestMs: 7500 }
const probes: Criterion = { kind: 'probes_at_most', upstream: 'gemini', most: 1 }
const aboutBreaker = [opens, closes, goes, fastRefusals, recoversAfter, probes]

const judged = async (criteria: PlannedCriterion[], story: Story, change: Partial<Plan> = {}): Promise<Verdict> => {
  const plan = { ...planOf([], change, 40), criteria }
  return judge(plan, await evidenceOf(story, plan))
}
const planned = (criterion: Criterion, severity?: 'warn'): PlannedCriterion => ({ id: 'C1', criterion, ...(severity && { severity }) })
const gateway = (expects: Record<string, Ability[]>): Partial<Plan> => ({ gateway: { ...planOf().gateway, expects } })

/** It never refuses anything: every request of the outage fails at the upstream. */
const breakerless = { breaker: [], gemini: (dueMs: Ms) => (dueMs >= 12_000 && dueMs < 22_000 ? failing : ok) } satisfies Story

it('lets a warning decide nothing, whatever became of it', async () => {
  const slow: Criterion = { ...steadyP95, belowMs: 30 }
  const unknown: Criterion = { ...steadyP95, quantile: 0.9999 }
  for (const criterion of [slow, unknown]) {
    const verdict = await judged([planned(errors), planned(criterion, 'warn')], {})
    expect(verdict).toMatchObject({ result: 'pass', counts: { pass: 1, fail: 0, inconclusive: 0 }, warnings: 1 })
    expect(verdict.findings[0]).toMatchObject({ severity: 'warn', criterion })
    expect(verdict.findings[0]!.result).not.toBe('pass')
    expect(verdict.why).toEqual([expect.stringMatching(/^warning: p/)])
  }
})

it('counts no warning that passed, and puts failures and doubts before warnings', async () => {
  const verdict = await judged(
    [
      { ...planned(steadyP95, 'warn'), id: 'C1' },
      { ...planned({ ...steadyP95, belowMs: 30 }, 'warn'), id: 'C2' },
      { ...planned({ ...steadyP95, quantile: 0.9999 }), id: 'C3' },
      { ...planned({ ...steadyP95, belowMs: 30 }), id: 'C4' },
    ],
    {},
  )
  expect(verdict).toMatchObject({ result: 'fail', counts: { pass: 0, fail: 1, inconclusive: 1 }, warnings: 1 })
  expect(verdict.findings.map(({ id }) => id)).toEqual(['C4', 'C3', 'C2', 'C1'])
})

it('proves nothing by warnings alone', async () => {
  expect(await judged([planned(errors, 'warn')], {})).toMatchObject({ result: 'inconclusive' })
})

it('does not let a contradiction that a warning found decide', async () => {
  const madeUp: Story = { gemini: (dueMs, index) => (dueMs > 30_000 && index % 8 === 0 ? { ...ok, attempts: 0 } : ok), breaker: [] }
  const inRecovery: Criterion = { kind: 'error_rate', upstream: 'gemini', below: 0.01, during: ['recovery'] }
  const demanded = await judged([planned(inRecovery)], madeUp)
  expect(demanded.findings[0]).toMatchObject({ cause: 'contradiction' })
  expect(demanded.validity.map(({ id }) => id)).toContain('contradictions')
  const warned = await judged([planned(inRecovery, 'warn')], madeUp)
  expect(warned.validity.map(({ id }) => id)).not.toContain('contradictions')
})

it('warns of a breaker that nobody expects and that is not there', async () => {
  for (const criterion of aboutBreaker) {
    const unexpected = await judged([planned(errors), planned(criterion)], breakerless, gateway({ gemini: ['retry'] }))
    expect(
      unexpected.findings.find(({ severity }) => severity === 'warn'),
      criterion.kind,
    ).toMatchObject({
      criterion,
      why: expect.stringContaining('no expectation names a breaker for gemini, so this only warns') as string,
    })
    const expected = await judged([planned(criterion)], breakerless, gateway({ gemini: ['breaker'] }))
    expect(expected.findings[0]).toMatchObject({ severity: 'error' })
    expect(expected.findings[0]!.result).not.toBe('pass')
    // The settings of the reference gateway are what is expected of it.
    expect((await judged([planned(criterion)], breakerless)).findings[0]).toMatchObject({ severity: 'error' })
  }
})

it('blames a breaker that is there for what it does, expected or not', async () => {
  const reopens: Story = { breaker: [...healthyBreaker, ['open', 40_000]], gemini: (dueMs) => (dueMs >= 40_000 ? rejected : ok) }
  for (const criterion of [goes, closes]) {
    const verdict = await judged([planned(criterion)], reopens, gateway({}))
    expect(verdict.findings[0], criterion.kind).toMatchObject({ result: 'fail', severity: 'error' })
  }
})

it('warns of what only request ids tell where a gateway passes none on, and nobody settled that it does', async () => {
  const aboutAttempts: Criterion[] = [
    { kind: 'no_unsafe_retries', upstream: 'gemini' },
    { kind: 'attempts_at_most', upstream: 'gemini', most: 3 },
    { kind: 'no_retry_after', upstream: 'gemini', statuses: [503] },
  ]
  const anonymous: Story = { ...breakerless, perSecond: 200, gemini: (dueMs) => ({ ...breakerless.gemini(dueMs), anonymous: true }) }
  const lossy: Story = {
    ...anonymous,
    gemini: (dueMs, index) => ({ ...breakerless.gemini(dueMs), ...(index % 50 !== 0 && { anonymous: true }) }),
  }
  for (const criterion of aboutAttempts) {
    const [found] = (await judged([planned(criterion)], anonymous, gateway({}))).findings
    expect(found, criterion.kind).toMatchObject({ result: 'inconclusive', severity: 'warn' })
    expect(found!.why).toContain('no expectation can name the ids of requests, and none arrived at gemini, so this only warns')
    for (const [story, change] of [
      [lossy, gateway({})],
      [anonymous, {}],
    ] as const)
      expect((await judged([planned(criterion)], story, change)).findings[0], criterion.kind).toMatchObject({
        result: 'inconclusive',
        severity: 'error',
      })
  }
})

it('takes nothing for absent that the run may have hidden', async () => {
  const cut: Story = { ...breakerless, cutMs: 20_000 }
  expect((await judged([planned(recoversAfter)], cut, gateway({}))).findings[0]).toMatchObject({
    result: 'inconclusive',
    cause: 'incomplete',
    severity: 'error',
  })
  const unbitten: Story = { breaker: [], gemini: () => ok, faultSeen: false }
  expect((await judged([planned(opens)], unbitten, gateway({}))).findings[0]).toMatchObject({ result: 'inconclusive', severity: 'error' })
})
