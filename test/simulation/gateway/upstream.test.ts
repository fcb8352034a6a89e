import { expect, it } from 'vitest'
import geminiOutage from '../../../scenarios/gemini-outage.ts'
import { Deadlines } from '../../../src/gateway/upstream/deadlines.ts'
import { planScenario } from '../../../src/scenario/plan-scenario.ts'
import { defaultCalibration } from '../../../src/simulation/calibration/calibration.ts'
import { EventQueue } from '../../../src/simulation/event-queue.ts'
import { openFake } from '../../../src/simulation/fake/fake.ts'
import { SimulatedGateway } from '../../../src/simulation/gateway/gateway.ts'
import { openLegs } from '../../../src/simulation/legs.ts'
import { loadCast } from '../../../src/simulation/simulate.ts'
import { trafficTo } from '../../../src/evidence/traffic.ts'
import { ownPolicies, type World } from '../../../src/simulation/world.ts'

it('keeps an answer by the time of the simulation, whatever the time of the day is', async () => {
  const plan = planScenario(geminiOutage, { seed: 1, settings: 'ci', source: 'scenarios/gemini-outage.ts' })
  const { upstreams, customFaults } = await loadCast(plan)
  const queue = new EventQueue(5000)
  const legs = openLegs(defaultCalibration, plan.seed)
  const world: World = {
    policies: ownPolicies,
    queue,
    legs,
    deadlines: new Deadlines(queue),
    origin: 5000,
    tell: trafficTo(() => {}),
    write: () => {},
  }
  const fakes = new Map(Array.from(upstreams, ([name, upstream]) => [name, openFake(upstream, plan.seed, customFaults, world)]))
  const { cache, stack } = new SimulatedGateway(plan, world, fakes).upstreams.get('gemini')!
  const request = cache!.request({ method: 'GET', path: '/models', headers: [], body: undefined })
  // Fresh for two seconds of the simulation; on any wall clock it is long stale, and may not be given.
  const headers = { expires: new Date(7000).toUTCString(), 'cache-control': 'stale-if-error=0' }
  request.hear({ status: 200, headers, body: Buffer.from('{}'), tookMs: 0 }, true)
  expect(stack.fallback.instead(request)).toMatchObject({ use: 'cached', response: { at: 5000 } })
  queue.advance(7100)
  expect(stack.fallback.instead(request)).toEqual({ use: 'none' })
})
