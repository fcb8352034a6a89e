import { describe, expect, it } from 'vitest'
import { GatecrashError } from '../../src/kernel/errors.ts'
import { breaker, errorRate, p95 } from '../../src/criteria/builders.ts'
import { builders, knownCriterion } from '../../src/criteria/criteria.ts'
import type { FaultInput } from '../../src/faults/fault-input.ts'
import { actsOn, targetOf } from '../../src/faults/fault.ts'
import { blackhole } from '../../src/faults/network/faults/blackhole.ts'
import { toxic } from '../../src/faults/network/network-fault.ts'
import { packetLoss } from '../../src/faults/network/faults/packet-loss.ts'
import { slowNetwork } from '../../src/faults/network/faults/slow-network.ts'
import { latency } from '../../src/faults/request/latency.ts'
import { status } from '../../src/faults/request/status.ts'
import { claims } from '../../src/scenario/claims/claims.ts'
import { perSecond, request } from '../../src/scenario/load.ts'
import { phase, warmUp } from '../../src/scenario/phases.ts'
import type { Plan, PlannedRoute } from '../../src/plan/plan.ts'
import { planSchema } from '../../src/run/bundle/plan-schema.ts'
import { planScenario } from '../../src/scenario/plan-scenario.ts'
import { type ScenarioInput, reference, scenario, times } from '../../src/scenario/scenario.ts'

const gemini = { name: 'gemini', module: '/fakes/gemini.ts', export: 'gemini' }
const ask = {
  route: 'gemini.ask',
  reaches: [{ upstream: 'gemini', route: 'ask' }],
  weight: 1,
  method: 'GET',
  paths: ['/ask'],
  headers: {},
  bodies: [],
}

const healthy: ScenarioInput<'gemini'> = {
  story: 'A story.',
  upstreams: { gemini },
  gateway: reference(
    { gemini: { breaker: { failures: 5, recovery: '5s' } } },
    { production: { gemini: { breaker: { recovery: '60s' } } } },
  ),
  load: { rate: perSecond(100), mix: [ask] },
  phases: ({ gateway }) => [
    warmUp('1s'),
    phase('steady', '10s'),
    phase('outage', times(2, gateway.gemini.breaker.recovery), status('gemini', 503)),
    phase('recovery', '10s'),
  ],
  criteria: [breaker('gemini').goes('closed', 'open', 'half_open', 'closed')],
}

const plan = (changes: Partial<ScenarioInput<'gemini'>> = {}, settings = 'ci'): Plan =>
  planScenario(scenario('story', { ...healthy, ...changes }), { seed: 42, settings, source: 'scenarios/story.ts' })

const refusal = (changes: Partial<ScenarioInput<'gemini'>>): string => {
  try {
    plan(changes)
  } catch (error) {
    expect(error).toBeInstanceOf(GatecrashError)
    expect((error as GatecrashError).code).toBe('invalid_scenario')
    return (error as GatecrashError).message
  }
  throw new Error('the scenario was accepted')
}

const withFault = (fault: FaultInput): Partial<ScenarioInput<'gemini'>> => ({ phases: () => [phase('steady', '10s', fault)] })

describe('planning a scenario', () => {
  it('lays phases end to end and derives their length from the policy under test', () => {
    expect(plan().phases.map(({ name, startMs, endMs }) => [name, startMs, endMs])).toEqual([
      ['warm-up', 0, 1000],
      ['steady', 1000, 11_000],
      ['outage', 11_000, 21_000],
      ['recovery', 21_000, 31_000],
    ])
    expect(plan({}, 'production').phases[2]).toMatchObject({ startMs: 11_000, endMs: 131_000 })
  })

  it('numbers faults in order of their start and gives them the span of their phase', () => {
    expect(plan().faults).toEqual([
      {
        id: 'F1',
        phase: 'outage',
        startMs: 11_000,
        endMs: 21_000,
        upstream: 'gemini',
        fault: { made: 'request', fault: { is: 'status', status: 503 }, hits: {} },
      },
    ])
  })

  it('counts the requests that each phase will really send', () => {
    const { phases } = plan()
    expect(phases.map(({ expected }) => expected)).toEqual([104, 986, 1017, 1020])
  })

  it('makes a fault in both directions two, one for each', () => {
    const { faults } = plan(withFault(slowNetwork('gemini', 100, 0, 'both')))
    const slow = { made: 'network', is: 'toxic', toxic: { type: 'latency', attributes: { latency: 100, jitter: 0 } }, toxicity: 1 }
    expect(faults.map(({ id, fault }) => [id, fault])).toEqual([
      ['F1', { ...slow, stream: 'upstream' }],
      ['F2', { ...slow, stream: 'downstream' }],
    ])
  })

  it('is the same for the same seed, and travels as JSON', () => {
    expect(JSON.parse(JSON.stringify(plan()))).toEqual(plan())
  })

  it('remembers where each criterion was written', () => {
    expect(plan().criteria[0]?.source?.file).toBe('test/scenario/plan-scenario.test.ts')
  })
})

it('puts faults of the network on the store of the gateway, unless an upstream has its name', () => {
  const gateway = reference({ gemini: { breaker: { failures: 5, recovery: '5s' } }, server: { store: { kind: 'redis' } } })
  const onRedis = { ...healthy, gateway, phases: () => [phase('steady', '60s'), phase('outage', '10s', blackhole('redis', 'both'))] }
  const { faults, ...planned } = plan(onRedis)
  expect(faults.map(({ upstream, fault }) => [upstream, fault.made, 'role' in fault && fault.role])).toEqual([
    [undefined, 'network', 'redis'],
    [undefined, 'network', 'redis'],
  ])
  expect(faults.map((fault) => [targetOf(fault), actsOn(fault, 'gemini')])).toEqual([
    ['redis', false],
    ['redis', false],
  ])
  const schema = planSchema(2)
  expect(schema.safeParse({ ...planned, faults }).success).toBe(true)
  const [other] = faults
  expect(schema.safeParse({ ...planned, faults: [{ ...other, fault: { ...other!.fault, role: 'gateway' } }] }).success).toBe(false)
  const redis = { ...gemini, name: 'redis' }
  const named = plan({ ...onRedis, upstreams: { gemini, redis } } as typeof onRedis)
  expect(named.faults.map((fault) => [fault.upstream, actsOn(fault, 'gemini')])).toEqual([
    ['redis', false],
    ['redis', false],
  ])
})

describe('a scenario that does not hold together', () => {
  it('is refused with all problems at once: place, value and remedy', () => {
    const message = refusal({
      phases: () => [phase('steady', '-5s'), phase('steady', '10s', toxic('gemini', 'latencey', { latency: 5 }), status('gemni', 503))],
    })
    expect(message.split('\n')).toEqual([
      'scenarios/story.ts: 4 problems',
      '  phases[0].duration            not a duration: "-5s"; write a number and a unit, such as "250ms", "30s" or "2m"',
      '  phases[1].name                "steady" is taken by an earlier phase',
      '  phases[1].faults[0].toxic     unknown toxic "latencey"; did you mean "latency"?',
      '  phases[1].faults[1].upstream  unknown upstream "gemni"; did you mean "gemini"?',
    ])
  })

  it('is refused where the store of the gateway is given a fault of requests', () => {
    const message = refusal({ phases: () => [phase('steady', '10s'), phase('outage', '10s', status('redis', 503))] })
    expect(message).toContain(
      'phases[1].faults[0].upstream  "redis" is the store of the gateway, which no request of the load is for; give it',
    )
  })

  it('is refused with what is wrong in all of its parts, and with nothing that only follows from it', () => {
    const message = refusal({
      tags: ['Long'],
      gateway: reference({ gemini: { breaker: { failurs: 3 } } } as never),
      phases: ({ gateway }) => [phase('steady', '-5s'), phase('outage', gateway.gemini.breaker.recovery, status('gemni', 503))],
      claims: [claims.isolates('jira', { in: 'outage' })],
      criteria: [errorRate().during('staedy').below('0.0001%'), 'none' as never],
    })
    expect(message.split('\n').map((line) => line.trim().split(/\s{2,}/)[0])).toEqual([
      'scenarios/story.ts: 6 problems',
      'tags[0]',
      'gateway.gemini.breaker.failurs',
      'criteria[1]',
      'claims[0].upstream',
      'phases[0].duration',
      'phases[1].faults[0].upstream',
    ])
    // A criterion that is none hides the others; without it, each is looked at.
    expect(refusal({ phases: () => [phase('steady', '-5s')], criteria: [errorRate().during('staedy').below('1%')] })).toMatch(
      /phases\[0\]\.duration .*\n.*criteria\[0\]\.during +unknown phase "staedy"; did you mean "steady"\?/,
    )
  })

  it('asks no callback to make sense of settings that are refused', () => {
    const message = refusal({
      gateway: reference({ gemini: { bulkhead: { concurrent: -1 } } }),
      phases: ({ gateway }) => [phase('steady', gateway.gemini.bulkhead.concurrent * 1000)],
    })
    expect(message).toContain('gateway.gemini.bulkhead')
    expect(message).not.toContain('is not set')
  })

  it('names the flag that brought in a setting', () => {
    const wrong = (isForeign: boolean): string => {
      try {
        return JSON.stringify(
          planScenario(scenario('story', healthy), {
            seed: 42,
            settings: 'ci',
            source: 'x.ts',
            isForeign,
            overrides: { 'gemini.breaker.failurs': 3, 'gemni.breaker': 1 },
          }),
        )
      } catch (error) {
        return (error as Error).message
      }
    }
    expect(wrong(false)).toContain('--set gemini.breaker.failurs  unknown setting "failurs"; did you mean "failures"?')
    expect(wrong(true)).toContain('--expect gemni ')
  })

  it('names the setting of the gateway that is not known', () => {
    const written = { gemini: { breaker: { failurs: 3 } } } as never
    expect(refusal({ gateway: reference(written) })).toContain(
      'gateway.gemini.breaker.failurs  unknown setting "failurs"; did you mean "failures"?',
    )
  })

  it('tells when a phase is derived from a policy that is not set', () => {
    expect(refusal({ gateway: reference({ gemini: {} }) })).toContain(
      'gateway.gemini.breaker  a phase or criterion asks for this, but it is not set',
    )
  })

  it('names an upstream or a phase in a criterion that does not exist', () => {
    const message = refusal({ criteria: [p95().of('gemny').below('1s'), errorRate().during('recovry').below('1%')] })
    expect(message).toContain('criteria[0].upstream  unknown upstream "gemny"; did you mean "gemini"?')
    expect(message).toContain('criteria[1].during    unknown phase "recovry"; did you mean "recovery"?')
  })

  it('may not state a criterion that its load can never decide', () => {
    const message = refusal({ criteria: [errorRate().during('recovery').below('0.1%')] })
    expect(message).toMatch(/needs 2,995 requests; the plan sends 1,020: raise the rate to 300\/s or the phase to 30 s$/)
  })

  it('may not demand a share that counting can never prove', () => {
    expect(refusal({ criteria: [errorRate().below('0%')] })).toContain('can never be proved by counting')
  })

  it('must demand something', () => {
    expect(refusal({ criteria: [] })).toContain('a run that demands nothing proves nothing')
  })

  it('may not measure the opening of a breaker in a phase without a fault', () => {
    expect(refusal({ criteria: [breaker('gemini').opensWithin('1s').of('steady')] })).toContain(
      'phase "steady" has no fault to measure from',
    )
  })

  it.each([
    [latency('gemini', 'soon'), 'not a duration: "soon"'],
    [latency('gemini', { min: '3s', max: '1s' }), 'min must not be above max'],
    [status('gemini', 99), 'got 99'],
    [status('gemini', 503, { share: 2 }), 'share'],
    [toxic('gemini', 'slicer', { average_size: 10, size_variation: 10 }), 'size_variation must be below average_size'],
    [toxic('gemini', 'bandwidth', { rate: -1 }), 'rate'],
    [packetLoss('gemini', 5), 'loss_rate'],
    [toxic('gemini', 'jitter', { latency: 5, jitter: 1, distribution: 'gauss' }), 'distribution'],
    [toxic('gemini', 'fail_first', { connections: 3 }), '"fail_first" is no toxic for scenarios; use disconnect(…, { first: N })'],
    [toxic('gemini', 'down', {}), '"down" is no toxic for scenarios; use cut(…)'],
    [toxic('gemini', 'latency', { latency: 5, jiter: 1 }), 'unknown setting "jiter"; did you mean "jitter"?'],
  ])('refuses a fault that no server would take: %j', (fault, told) => {
    expect(refusal(withFault(fault))).toContain(told)
  })
})

// A scenario is a program that nobody has type-checked: these are its mistakes at run time.
const loose = (changes: Record<string, unknown>): string => refusal(changes)

it.each([
  ['a missing story', { story: undefined }, 'story'],
  ['missing upstreams', { upstreams: undefined }, 'upstreams'],
  ['a gateway that is a name', { gateway: 'reference' }, 'gateway'],
  ['expectations that are a name', { gateway: undefined, expects: 'all' }, 'expects'],
  ['missing load', { load: undefined }, 'load'],
  ['load without a mix', { load: { rate: perSecond(1) } }, 'load.mix'],
  ['a mix of nothing', { load: { rate: perSecond(1), mix: [null] } }, 'load.mix[0]'],
  ['misspelt arrivals', { load: { rate: perSecond(1), mix: [ask], arrivals: 'possion' } }, 'load.arrivals'],
  ['phases as a list', { phases: [phase('steady', '5s')] }, 'phases  must be a function'],
  ['phases that are promised', { phases: () => Promise.resolve([]) }, 'phases'],
  ['phases that are nothing', { phases: () => undefined }, 'phases'],
  ['phases that throw', { phases: () => JSON.parse('{') as [] }, 'phases  Expected property name'],
  ['a phase without a name', { phases: () => [phase('', '5s')] }, 'phases[0].name'],
  ['a fault that is nothing', { phases: () => [phase('steady', '5s', undefined as never)] }, 'phases[0].faults[0]'],
  ['missing criteria', { criteria: undefined }, 'criteria  there must be at least one'],
  ['criteria that are no list', { criteria: 'all' }, 'criteria  must be a list of criteria'],
  ['a criterion without an end', { criteria: [errorRate().during('steady')] }, 'criteria[0]  is no criterion; end it with what it demands'],
  ['a criterion that is nothing', { criteria: () => [undefined] }, 'criteria[0]  is no criterion'],
])('refuses %s in a line', (_what, changes, told) => {
  expect(loose(changes)).toContain(told)
})

it('refuses more requests than can be counted', () => {
  expect(refusal({ load: { rate: perSecond(1e6), mix: [ask] }, phases: () => [phase('steady', '1h')] })).toContain(
    'load.rate  asks for about 3,600,000,000 requests in all',
  )
})

it('refuses criteria that no run could fail, or none could pass', () => {
  const { load } = healthy
  expect(refusal({ load: { ...load, timeout: '1s' }, criteria: [p95().during('steady').below('2s')] })).toContain(
    'cannot fail: requests are given up after 1 s; set `load.timeout` above 2 s',
  )
  expect(refusal({ criteria: [p95().during('steady').below(0)] })).toContain('cannot pass')
  expect(loose({ criteria: [breaker('gemini').goes('closed', 'opened' as 'open')] })).toContain(
    'unknown state "opened"; did you mean "open"?',
  )
  expect(refusal({ criteria: [breaker('gemini').goes('closed', 'half_open')] })).toContain('no breaker goes from closed to half_open')
  expect(refusal({ criteria: [breaker('gemini').goes()] })).toContain('name at least two states')
})

describe('what is asked of the gateway', () => {
  const own = request('checkout', {
    method: 'POST',
    path: '/checkout',
    reaches: [gemini],
    body: { basket: 1 },
    identities: [{ name: 'alice', headers: { 'x-api-key': 'a' } }],
  })
  const asking = (...mix: PlannedRoute[]): Partial<ScenarioInput<'gemini'>> => ({ load: { rate: perSecond(100), mix } })

  it('may be addresses of its own, that reach several upstreams or none', () => {
    const health = request('health', { path: '/healthz' })
    const { load, phases } = plan(asking(own, health))
    expect(load.mix).toMatchObject([
      { route: 'checkout', reaches: [{ upstream: 'gemini' }], paths: ['/checkout'], bodies: [{ basket: 1 }] },
      { route: 'health', reaches: [], method: 'GET', paths: ['/healthz'], bodies: [] },
    ])
    expect(phases[1]!.expected).toBeGreaterThan(900)
  })

  it.each([
    [{ ...own, reaches: [{ upstream: 'gemni' }] }, 'load.mix[0].reaches[0]  unknown upstream "gemni"; did you mean "gemini"?'],
    [{ ...own, paths: ['checkout'] }, 'load.mix[0].paths[0]  must begin with a slash'],
    [{ ...own, wieght: 2 } as PlannedRoute, 'load.mix[0].wieght  unknown setting "wieght"; did you mean "weight"?'],
    [{ ...own, method: 'post' }, 'load.mix[0].method  must be a method in capitals'],
    [{ ...own, during: ['stedy'] }, 'load.mix[0].during  unknown phase "stedy"; did you mean "steady"?'],
    [{ ...own, identities: [] }, 'load.mix[0].identities'],
    [{ ...own, headers: { 'a b': 'c' } }, 'load.mix[0].headers.a b  cannot be sent'],
    [{ ...own, headers: { 'Content-Type': 'text/csv' } }, 'load.mix[0].bodies[0]  cannot be written as text/csv; give the body as a text'],
    [{ ...own, headers: { 'content-type': 'application/x-www-form-urlencoded' }, bodies: [['a']] }, 'load.mix[0].bodies[0]  cannot be'],
    [{ ...own, bodies: [], sendOverMs: 1000 }, 'load.mix[0].sendOver  has no body to send slowly'],
  ])('is refused where it does not hold together: %j', (route, told) => {
    expect(refusal(asking(route))).toContain(told)
  })

  it('is refused where two kinds of request share a name', () => {
    expect(refusal(asking(own, own))).toContain('load.mix[1].route  "checkout" is taken by an earlier route')
  })
})

describe('the settings of the gateway', () => {
  const withServer = reference(
    { gemini: { breaker: { failures: 5, recovery: '5s' } }, server: { inFlight: 50 } },
    { production: { server: { inFlight: 500 } }, tight: { gemini: { breaker: { failures: 1, recovery: '1s' } } } },
  )
  const settled = (settings: string, overrides: Record<string, unknown> = {}) =>
    planScenario(scenario('story', { ...healthy, gateway: withServer }), { seed: 42, settings, source: 'scenarios/story.ts', overrides })
      .gateway

  it('are taken by name, each with what it changes', () => {
    expect(settled('ci')).toMatchObject({ upstreams: { gemini: { breaker: { failures: 5 } } }, server: { inFlight: 50 } })
    expect(settled('production')).toMatchObject({ upstreams: { gemini: { breaker: { failures: 5 } } }, server: { inFlight: 500 } })
    expect(settled('tight')).toMatchObject({ upstreams: { gemini: { breaker: { failures: 1 } } }, server: { inFlight: 50 } })
  })

  it('are overridden by path', () => {
    const changed = settled('ci', { 'gemini.breaker.failures': 7, 'gemini.retry.attempts': 2, 'server.inFlight': 9 })
    expect(changed).toMatchObject({ upstreams: { gemini: { breaker: { failures: 7 }, retry: { attempts: 2 } } }, server: { inFlight: 9 } })
    expect(settled('ci').upstreams['gemini']!.breaker!.failures).toBe(5)
  })

  it.each([
    ['tigth', {}, 'has no settings named "tigth"; did you mean "tight"?'],
    ['ci', { 'gemini.breaker.failurs': 3 }, '--set gemini.breaker.failurs  unknown setting "failurs"; did you mean "failures"?'],
    ['ci', { 'gemni.breaker.failures': 3 }, '--set gemni  unknown upstream "gemni"; did you mean "gemini"?'],
    ['ci', { 'server.inFlihgt': 3 }, '--set server.inFlihgt  unknown setting "inFlihgt"; did you mean "inFlight"?'],
    ['ci', { 'gemini.fallback': { kind: 'route', upstream: 'gemini' } }, '--set gemini.fallback.upstream  must be another upstream'],
  ])('are refused where they do not exist: %s %j', (settings, overrides, told) => {
    expect(() => settled(settings, overrides)).toThrow(told)
  })
})

describe('a story that is made for other settings', () => {
  const story = scenario('story', {
    ...healthy,
    gateway: reference({ gemini: { breaker: { failures: 5, recovery: '5s', recoveryGrowth: 1 }, retry: { attempts: 3 } } }),
    phases: ({ gateway }) => [
      phase('steady', '10s'),
      phase('outage', times(2, gateway.gemini.breaker.recovery), status('gemini', 503)),
      phase('recovery', '30s'),
    ],
    criteria: [],
    claims: [claims.survivesOutageOf('gemini', { in: 'outage' })],
  })
  const made = (overrides: Record<string, unknown>, candidate?: Record<string, unknown>): Plan =>
    planScenario(story, { seed: 42, settings: 'ci', source: 'scenarios/story.ts', overrides, ...(candidate && { candidate }) })

  it('has their phases and faults, and is played and judged with its own', () => {
    const present = made({})
    const candidate = made({}, { 'gemini.breaker.recovery': '8s' })
    expect(candidate.phases).toEqual(present.phases)
    expect(candidate.faults).toEqual(present.faults)
    expect(candidate.load).toEqual(present.load)
    expect(candidate.gateway.upstreams['gemini']!.breaker!.recovery).toBe(8000)
    const recovers = ({ criteria }: Plan) => criteria.map(({ criterion }) => criterion).find(({ kind }) => kind === 'recovers_after')
    expect(recovers(candidate)).toMatchObject({ earliestMs: 8000 })
    expect(made({ 'gemini.breaker.recovery': '8s' }).durationMs).toBe(present.durationMs + 6000)
  })

  it('sends its probes as often as its own settings need', () => {
    const burst = ({ load }: Plan): number | undefined => load.mix.find(({ route }) => route.includes('not-found'))?.probe?.count
    expect(burst(made({}, {}))).toBe(40)
    expect(burst(made({}, { 'gemini.breaker.failures': 30 }))).toBe(70)
  })

  it('leaves out probes that would open a breaker of its own settings', () => {
    const probes = ({ load }: Plan): string[] => load.mix.flatMap(({ route, probe }) => (probe ? [route] : []))
    expect(probes(made({}, {})).length).toBeGreaterThan(probes(made({ 'gemini.breaker.within': '10s' }, {})).length)
  })
})

describe('a saturated phase', () => {
  const crowded = (connections: number, changes: object = {}): Plan =>
    plan({
      phases: () => [phase('steady', '10s'), { ...phase.saturate('10s', { connections }), ...changes }, phase('recovery', '10s')],
      criteria: [builders.saturation().throughputAbove(10)],
    })

  it('is plain data, in which the load rests', () => {
    const { phases, load } = crowded(100)
    expect(phases[1]).toEqual({
      name: 'saturated',
      startMs: 10_000,
      endMs: 20_000,
      warmUp: false,
      saturation: { connections: 100 },
      expected: 0,
    })
    expect(load.rate.map(({ startPerSecond }) => startPerSecond)).toEqual([100, 0, 100])
    expect(planSchema(2).safeParse(JSON.parse(JSON.stringify(crowded(100)))).success).toBe(true)
  })

  it('is refused with no connections, with too many, and with a rate of its own', () => {
    for (const connections of [0, 1.5, 1001]) expect(() => crowded(connections)).toThrow('must be a whole number from 1 to 1000')
    expect(() => crowded(10, { rate: perSecond(5) })).toThrow('the load rests while a phase is saturated')
  })

  it('is no part of what criteria without a phase are about', () => {
    const { phases } = knownCriterion({ kind: 'error_rate', below: 0.01 })
    expect(phases).toEqual([])
    const [judged] = knownCriterion({ kind: 'error_rate', below: 0.01 }).samplesIn(crowded(100))
    expect(judged!.map(({ name }) => name)).toEqual(['steady', 'recovery'])
  })
})
