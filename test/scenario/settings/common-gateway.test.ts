import { expect, it } from 'vitest'
import { errorRate } from '../../../src/criteria/builders.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { claims } from '../../../src/scenario/claims/claims.ts'
import { faults } from '../../../src/faults/builders.ts'
import { status } from '../../../src/faults/request/status.ts'
import { perSecond, request } from '../../../src/scenario/load.ts'
import { phase } from '../../../src/scenario/phases.ts'
import { type PlanOptions, planScenario } from '../../../src/scenario/plan-scenario.ts'
import { type ScenarioInput, reference, scenario, times } from '../../../src/scenario/scenario.ts'

const { hang } = faults

const story: ScenarioInput<'gemini' | 'orders'> = {
  story: 'A story.',
  upstreams: {
    gemini: { name: 'gemini', module: '/fakes/gemini.ts', export: 'gemini' },
    orders: { name: 'orders', module: '/fakes/orders.ts', export: 'orders' },
  },
  load: {
    rate: perSecond(200),
    mix: [request('ask', { path: '/ask', reaches: ['gemini'] }), request('order', { path: '/order', reaches: ['orders'] })],
  },
  phases: ({ gateway }) => [
    phase('steady', '10s'),
    phase('outage', times(2, gateway.gemini.breaker.recovery), status('gemini', 503)),
    phase('recovery', '20s'),
  ],
  claims: [claims.survivesOutageOf('gemini', { in: 'outage' })],
}

const plan = (options: Partial<PlanOptions> = {}, changes: Partial<ScenarioInput<'gemini' | 'orders'>> = {}): Plan =>
  planScenario(scenario('story', { ...story, ...changes }), { seed: 42, settings: 'ci', source: 'scenarios/story.ts', ...options })

it('assumes common settings where a scenario names none', () => {
  const { upstreams } = plan().gateway
  for (const name of ['gemini', 'orders'])
    expect(upstreams[name]).toMatchObject({ breaker: { failures: 5, recovery: 5000 }, retry: { attempts: 3 }, timeout: { attempt: 1000 } })
})

it('expects all of them of the reference gateway, which has them, and none of another', () => {
  expect(plan().gateway.expects).toBeUndefined()
  expect(plan({ isForeign: true }).gateway.expects).toEqual({ gemini: [], orders: [] })
})

it('expects of another gateway what a path or the scenario names', () => {
  const named = plan({ isForeign: true, overrides: { 'gemini.breaker.failures': 10 } }, { expects: { orders: { retry: { attempts: 2 } } } })
  expect(named.gateway.expects).toEqual({ gemini: ['breaker'], orders: ['retry'] })
  expect(named.gateway.upstreams['gemini']?.breaker?.failures).toBe(10)
  expect(named.gateway.upstreams['orders']?.breaker?.failures).toBe(5)
  expect(named.gateway.upstreams['orders']?.retry?.attempts).toBe(2)
})

it('holds another gateway to the settings that a scenario names for the reference one', () => {
  const settings = { gemini: { breaker: { recovery: '5s', recoveryGrowth: 1 } }, orders: {} }
  expect(plan({ isForeign: true }, { gateway: reference(settings) }).gateway.expects).toBeUndefined()
})

it('plays as long, and asks nothing of a breaker, where there is said to be none', () => {
  const without = plan({ isForeign: true, overrides: { 'gemini.breaker': undefined } })
  expect(without.durationMs).toBe(plan().durationMs)
  expect(without.gateway.expects).toEqual({ gemini: [], orders: [] })
  expect(without.criteria.map(({ criterion }) => criterion.kind)).not.toContain('opens_within')
})

it('leaves a breaker that nobody described the time to open by the usual rate, and while the fault lasts', () => {
  const opens = (planned: Plan): unknown => planned.criteria.find(({ criterion }) => criterion.kind === 'opens_within')?.criterion
  const hung = (duration: string) => ({
    phases: () => [phase('steady', '10s'), phase('outage', duration, hang('gemini')), phase('recovery', '30s')],
  })
  expect(opens(plan({ isForeign: true }))).toMatchObject({ withinMs: 6000 })
  expect(opens(plan({ isForeign: true }, hung('10s')))).toMatchObject({ withinMs: 7000 })
  expect(opens(plan({ isForeign: true }, hung('5s')))).toMatchObject({ withinMs: 5000 })
  const described = { isForeign: true, overrides: { 'gemini.breaker.failures': 5 } }
  expect(opens(plan(described))).toMatchObject({ withinMs: 1000 })
  expect(opens(plan(described, hung('10s')))).toMatchObject({ withinMs: 2000 })
  expect(opens(plan({}, hung('10s')))).toMatchObject({ withinMs: 2000 })
})

it('only warns of when a breaker probes that nobody described, and not of when it closes', () => {
  const severities = (planned: Plan): unknown[] =>
    ['recovers_after', 'closes_within'].map((kind) => planned.criteria.find(({ criterion }) => criterion.kind === kind)?.severity)
  expect(severities(plan({ isForeign: true }))).toEqual(['warn', undefined])
  expect(severities(plan({ isForeign: true, overrides: { 'gemini.breaker.recovery': '5s' } }))).toEqual([undefined, undefined])
  expect(severities(plan())).toEqual([undefined, undefined])
})

it('changes no other upstream whose settings are the same object', () => {
  const shared = { breaker: { failures: 5 } }
  const { upstreams } = plan(
    { overrides: { 'gemini.breaker.failures': 9 } },
    {
      gateway: reference({ gemini: shared, orders: shared }),
      claims: [],
      phases: () => [phase('steady', '10s')],
      criteria: [errorRate().below('1%')],
    },
  ).gateway
  expect([upstreams['gemini']?.breaker?.failures, upstreams['orders']?.breaker?.failures]).toEqual([9, 5])
  expect(shared.breaker.failures).toBe(5)
})
