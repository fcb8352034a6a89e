import { expect, it } from 'vitest'
import type { WrittenCriterion } from '../../../src/criteria/writing/call-site.ts'
import { errorRate } from '../../../src/criteria/builders.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { perSecond, request } from '../../../src/scenario/load.ts'
import { phase } from '../../../src/scenario/phases.ts'
import { planScenario } from '../../../src/scenario/plan-scenario.ts'
import { reference, scenario } from '../../../src/scenario/scenario.ts'
import { fallbackShare } from '../../criteria/fallback-share.ts'

const planWith = (...criteria: WrittenCriterion[]): Plan =>
  planScenario(
    scenario('story', {
      story: 'A story.',
      upstreams: { gemini: { name: 'gemini', module: '/fakes/gemini.ts', export: 'gemini' } },
      gateway: reference({ gemini: {} }),
      load: { rate: perSecond(10), arrivals: 'constant', mix: [request('ask', { path: '/ask', reaches: ['gemini'] })] },
      phases: () => [phase('steady', '10s')],
      criteria,
    }),
    { seed: 42, settings: 'ci', source: 'scenarios/story.ts' },
  )

it("checks a criterion of the project's own as any other: its names, and the samples that it needs", () => {
  expect(planWith(fallbackShare({ upstream: 'gemini', below: 0.1 })).criteria[0]).toMatchObject({
    id: 'C1',
    criterion: { kind: 'custom', export: 'fallbackShare', params: { upstream: 'gemini', below: 0.1 } },
    source: { file: 'test/scenario/planning/check-criteria.test.ts' },
  })
  expect(() => planWith(fallbackShare({ upstream: 'gemny', below: 0.1 }))).toThrow('unknown upstream "gemny"; did you mean "gemini"?')
  expect(() => planWith(fallbackShare({ upstream: 'gemini', during: ['stedy'], below: 0.1 }))).toThrow('unknown phase "stedy"')
  expect(() => planWith(fallbackShare({ upstream: 'gemini', below: 0.01 }))).toThrow(
    'fewer than 1 % of answers for gemini are fallbacks needs 299 requests; the plan sends 100',
  )
})

it('refuses data that its kind does not have, written by hand', () => {
  const byHand = (criterion: WrittenCriterion['criterion']): WrittenCriterion => Object.assign(errorRate().below('50%'), { criterion })
  expect(() => planWith(byHand({ kind: 'luck' }))).toThrow('unknown criterion "luck"')
  expect(() => planWith(byHand({ kind: 'amplification', upstream: 'gemini', below: '3' }))).toThrow('criteria[0].below')
})

it('carries what only warns into the plan, and refuses a scenario that demands nothing else', () => {
  const { criteria } = planWith(errorRate().below('50%'), errorRate().below('40%').warn())
  expect(criteria.map(({ severity }) => severity)).toEqual([undefined, 'warn'])
  expect(criteria[1]?.source?.file).toBe('test/scenario/planning/check-criteria.test.ts')
  expect(planWith(errorRate().below('50%'), fallbackShare({ upstream: 'gemini', below: 0.1 }).warn()).criteria[1]).toMatchObject({
    severity: 'warn',
    criterion: { kind: 'custom' },
  })
  expect(() => planWith(errorRate().below('50%').warn())).toThrow('all of them only warn')
})
