import { expect, it } from 'vitest'
import { knownCriterion } from '../../src/criteria/criteria.ts'
import { loadCriteria } from '../../src/criteria/custom.ts'
import { judge } from '../../src/judge/judge.ts'
import type { CriterionData } from '../../src/plan/plan.ts'
import { type Story, evidenceOf, healthyGemini, planOf } from '../judge/history.ts'
import { broken, fallbackShare } from './fallback-share.ts'

const answeredByFallback: Story = {
  gemini: (dueMs) =>
    healthyGemini(dueMs).outcome === 'rejected' ? { outcome: 'fallback', latencyMs: 1, attempts: 0 } : healthyGemini(dueMs),
}

const planned = (...criteria: CriterionData[]) => ({
  ...planOf(),
  criteria: criteria.map((criterion, at) => ({ id: `C${at + 1}`, criterion })),
})

it('travels as its module, its export and its parameters', () => {
  const { criterion, source } = fallbackShare({ upstream: 'gemini', below: 0.1 })
  expect(JSON.parse(JSON.stringify(criterion))).toEqual({
    kind: 'custom',
    module: 'test/criteria/fallback-share.ts',
    export: 'fallbackShare',
    params: { upstream: 'gemini', below: 0.1 },
  })
  expect(source!.file).toBe('test/criteria/custom.test.ts')
})

it('refuses parameters that its schema refuses, where they are written', () => {
  expect(() => fallbackShare({ upstream: 'gemini', below: 2 })).toThrow(
    expect.objectContaining({ code: 'invalid_scenario', message: expect.stringContaining('fallbackShare.below') }),
  )
})

it('is found again, and judges as it defines', async () => {
  const strict = fallbackShare({ upstream: 'gemini', during: ['outage'], below: 0.1 }).criterion
  const plan = planned(strict, { ...strict, params: { upstream: 'assemblyai', below: 0.1 } })
  const custom = await loadCriteria(plan)
  const verdict = judge(plan, await evidenceOf(answeredByFallback, plan), custom)
  expect(verdict.findings.map(({ id, result, cause, relation }) => [id, result, cause, relation])).toEqual([
    ['C1', 'fail', 'not_met', 'below'],
    ['C2', 'pass', undefined, 'below'],
  ])
  expect(verdict.findings[0]).toMatchObject({ sentence: 'fewer than 10 % of answers for gemini are fallbacks', unit: 'ratio', bound: 0.1 })
})

it('is weighed against the credibility of the run as any other', async () => {
  const plan = planned(fallbackShare({ upstream: 'gemini', during: ['recovery'], below: 0.1 }).criterion)
  const cut = await evidenceOf({ cutMs: 30_000 }, plan)
  expect(judge(plan, cut, await loadCriteria(plan)).findings[0]).toMatchObject({ result: 'inconclusive', cause: 'incomplete' })
})

it('tells the plan what it needs', async () => {
  const { criterion } = fallbackShare({ upstream: 'gemini', during: ['steady'], below: 0.01 })
  const known = knownCriterion(criterion, await loadCriteria(planned(criterion)))
  expect(known).toMatchObject({ upstream: 'gemini', phases: ['steady'], needs: 299, breaker: 'none' })
  expect(known.samplesIn(planOf()).map((phases) => phases.map(({ name }) => name))).toEqual([['steady']])
})

it.each([
  ['a missing module', { module: 'test/criteria/gone.ts', export: 'fallbackShare' }, 'test/criteria/gone.ts: cannot be imported'],
  ['a missing export', { export: 'fallbackShares' }, 'has no export "fallbackShares"; did you mean "fallbackShare"?'],
  [
    'an export that is none',
    { export: 'noCriterion' },
    'its export "noCriterion" is no criterion; make it with defineCriterion(import.meta',
  ],
  ['parameters of another version', { params: { upstream: 'gemini', under: 0.1 } }, 'fallbackShare.under'],
])('is refused with %s', async (_, change, message) => {
  const { criterion } = fallbackShare({ upstream: 'gemini', below: 0.1 })
  await expect(loadCriteria(planned({ ...criterion, ...change }))).rejects.toMatchObject({
    code: 'invalid_scenario',
    message: expect.stringContaining(message),
  })
})

it('does not pass what is no finding on', async () => {
  const plan = planned(broken({}).criterion)
  const [custom, evidence] = [await loadCriteria(plan), await evidenceOf({}, plan)]
  expect(() => judge(plan, evidence, custom)).toThrow(
    expect.objectContaining({ code: 'invalid_scenario', message: expect.stringContaining('broken.result') }),
  )
})

it.each(['judge', 'sentence', 'upstream', 'needs'] as const)(
  'whose %s throws is a mistake of the project, told with its module',
  async (part) => {
    const plan = planned(fallbackShare({ upstream: 'gemini', below: 0.1 }).criterion)
    const [[key, definition] = []] = [...(await loadCriteria(plan))]
    const thrower = (): never => {
      throw new TypeError('my own trouble')
    }
    const custom = new Map([[key!, { ...definition!, [part]: thrower }]])
    const play = async (): Promise<unknown> => {
      knownCriterion(plan.criteria[0]!.criterion, custom)
      return judge(plan, await evidenceOf({}, plan), custom)
    }
    await expect(play()).rejects.toMatchObject({
      code: 'invalid_scenario',
      message: `test/criteria/fallback-share.ts: ${part} of the criterion "fallbackShare" could not be run: TypeError: my own trouble`,
    })
  },
)
