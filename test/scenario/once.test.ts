import { expect, it } from 'vitest'
import { gemini } from '../../fake-upstreams/gemini.ts'
import { errorRate, perSecond, phase, reference, request, scenario } from '../../src/index.ts'
import { arrivals } from '../../src/plan/arrivals.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { planScenario } from '../../src/scenario/plan-scenario.ts'

function planned(more: Parameters<typeof request>[1][] = []): Plan {
  const story = scenario('reset', {
    story: 'An operator resets a breaker.',
    upstreams: { gemini },
    gateway: reference({ gemini: {} }),
    load: { rate: perSecond(50), mix: [gemini.getModel(), ...more.map((options, at) => request(`by hand ${at}`, options))] },
    phases: () => [phase('before', '5s'), phase('reset', '5s')],
    criteria: [errorRate().during('reset').below('10%')],
  })
  return planScenario(story, { seed: 7, settings: 'ci', source: 'scenarios/reset.ts' })
}
const byHand = { method: 'POST', path: '/breakers/gemini/reset' }

it('sends a request once, when its phase begins, beside the load', () => {
  const plan = planned([{ ...byHand, once: 'reset' }])
  const all = [...arrivals(plan)]
  expect(all.filter(({ route }) => route.once !== undefined).map(({ dueMs, route }) => [dueMs, route.method, route.paths])).toEqual([
    [5000, 'POST', ['/breakers/gemini/reset']],
  ])
})

it('changes nothing about the other requests', () => {
  const timesOf = (plan: Plan): number[] => [...arrivals(plan)].flatMap(({ dueMs, route }) => (route.once === undefined ? [dueMs] : []))
  expect(timesOf(planned([{ ...byHand, once: 'reset' }]))).toEqual(timesOf(planned()))
})

it('refuses a phase that is not there, and phases beside it', () => {
  expect(() => planned([{ ...byHand, once: 'rest' }])).toThrow('unknown phase "rest"; did you mean "reset"?')
  expect(() => planned([{ ...byHand, once: 'reset', during: ['reset'] }])).toThrow('says nothing beside `once`')
})
