import { describe, expect, it } from 'vitest'
import { builders } from '../../../src/criteria/criteria.ts'
import type { FaultInput } from '../../../src/faults/fault-input.ts'
import { killedFault } from '../../../src/faults/process/killed.ts'
import { pausedFault } from '../../../src/faults/process/paused.ts'
import { latency } from '../../../src/faults/request/latency.ts'
import { status } from '../../../src/faults/request/status.ts'
import { GatecrashError } from '../../../src/kernel/errors.ts'
import type { PlannedRoute } from '../../../src/plan/plan.ts'
import { perSecond, request } from '../../../src/scenario/load.ts'
import { phase, warmUp } from '../../../src/scenario/phases.ts'
import { planScenario } from '../../../src/scenario/plan-scenario.ts'
import { type GatewaySettings, type UpstreamReference, reference, scenario } from '../../../src/scenario/scenario.ts'

const route = (method: string) => ({ method, latency: { is: 'fixed', ms: 1 } }) as const
const shop: UpstreamReference = {
  name: 'shop',
  module: '/fakes/shop.ts',
  export: 'shop',
  routes: { getOrder: route('GET'), createOrder: route('POST') },
}
const elsewhere: UpstreamReference = { name: 'elsewhere', module: '/fakes/elsewhere.ts', export: 'elsewhere' }
const asks = (reached: { upstream: string; route?: string }, method = 'GET'): PlannedRoute => ({
  ...request('asks', { path: '/asked', method }),
  reaches: [reached],
})

interface Written {
  faults?: FaultInput[]
  mix?: PlannedRoute[]
  settings?: GatewaySettings<'shop'>
}

function planned({ faults = [], mix = [asks({ upstream: 'shop', route: 'getOrder' })], settings = {} }: Written): void {
  const input = {
    story: 'A story.',
    upstreams: { shop, elsewhere },
    gateway: reference(settings),
    load: { rate: perSecond(100), mix },
    phases: () => [warmUp('1s'), phase('steady', '10s', ...faults)],
    criteria: [builders.errorRate().below('5%')],
  }
  planScenario(scenario('story', input), { seed: 1, settings: 'ci', source: 'story.ts' })
}

function refusal(written: Written): string {
  try {
    planned(written)
  } catch (cause) {
    if (cause instanceof GatecrashError && cause.code === 'invalid_scenario') return cause.message
    throw cause
  }
  throw new Error('the scenario was accepted')
}

describe('a fault', () => {
  it.each<{ what: string; fault: FaultInput; says: RegExp }>([
    {
      what: 'a route that the upstream does not have',
      fault: status('shop', 503, { routes: ['getOrder', 'payOrder'] }),
      says: /phases\[1\]\.faults\[0\]\.routes\[1\] +shop has no route "payOrder"; known: getOrder, createOrder/,
    },
    {
      what: 'a route in other letters',
      fault: latency('shop', '1s', { routes: ['getorder'] }),
      says: /routes\[0\] +shop has no route "getorder"; did you mean "getOrder"\?/,
    },
    {
      what: 'a name that every object has',
      fault: status('shop', 503, { routes: ['constructor'] }),
      says: /shop has no route "constructor"/,
    },
    {
      what: 'a method that nothing asks by',
      fault: status('shop', 503, { methods: ['patch'] }),
      says: /phases\[1\]\.faults\[0\]\.methods\[0\] +nothing asks shop by "PATCH" here; known: GET, POST, HEAD/,
    },
    {
      what: 'a method that the routes it names do not have',
      fault: status('shop', 503, { routes: ['getOrder'], methods: ['POST'] }),
      says: /nothing asks shop by "POST" here; known: GET, HEAD/,
    },
    {
      what: 'a probe, which claims send in phases of their own',
      fault: status('shop', 503, { probe: 'not-found' }),
      says: /phases\[1\]\.faults\[0\]\.probe +selects a probe.* got "not-found"/,
    },
    {
      what: 'an upstream that does not exist',
      fault: status('shpo', 503),
      says: /phases\[1\]\.faults\[0\]\.upstream +unknown upstream "shpo"; did you mean "shop"\?/,
    },
    {
      what: 'a process that does not exist',
      fault: killedFault.build.killed('gatway'),
      says: /phases\[1\]\.faults\[0\]\.role +unknown role "gatway"; did you mean "gateway"\?/,
    },
    {
      what: 'a Redis where there is none',
      fault: pausedFault.build.paused('redis'),
      says: /phases\[1\]\.faults\[0\]\.role +there is no Redis: .*server\.store/,
    },
  ])('is refused that names $what', ({ fault, says }) => {
    expect(refusal({ faults: [fault] })).toMatch(says)
  })

  it('tells all of its names at once, beside what else is wrong with it', () => {
    const said = refusal({ faults: [status('shop', 99, { routes: ['a', 'b'], probe: 'x' })] })
    expect(said).toContain('4 problems')
    for (const place of ['status', 'routes[0]', 'routes[1]', 'probe']) expect(said).toContain(`phases[1].faults[0].${place}`)
  })

  it.each<[string, Written]>([
    ['routes that there are', { faults: [status('shop', 503, { routes: ['createOrder'], methods: ['post'] })] }],
    ['HEAD, which is answered as GET', { faults: [status('shop', 503, { methods: ['HEAD'] })] }],
    [
      'a method that the load asks by, though no route has it',
      { faults: [status('shop', 503, { methods: ['DELETE'] })], mix: [asks({ upstream: 'shop' }, 'DELETE')] },
    ],
    ['routes of an upstream that does not tell its own', { faults: [status('elsewhere', 503, { routes: ['any'], methods: ['PUT'] })] }],
    ['the Redis of its gateway', { faults: [pausedFault.build.paused('redis')], settings: { server: { store: { kind: 'redis' } } } }],
  ])('may name %s', (_what, written) => {
    expect(() => planned(written)).not.toThrow()
  })
})

it('refuses a kind of request that reaches a route which its upstream does not have', () => {
  expect(refusal({ mix: [asks({ upstream: 'shop', route: 'payOrder' })] })).toMatch(
    /load\.mix\[0\]\.reaches\[0\]\.route +shop has no route "payOrder"; known: getOrder, createOrder/,
  )
})

it('refuses a gateway whose own services are upstreams that it does not have', () => {
  const server = { internalToken: 'a-token-of-ours', internalUpstreams: ['shop', 'biling'] }
  expect(refusal({ settings: { server } })).toMatch(
    /gateway\.server\.internalUpstreams +must be upstreams of this gateway, got "biling"; known: shop, elsewhere/,
  )
})
