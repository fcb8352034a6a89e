import { describe, expect, it } from 'vitest'
import { GatecrashError } from '../../src/kernel/errors.ts'
import { arrivals } from '../../src/plan/arrivals.ts'
import { planIndex } from '../../src/plan/plan-index.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { knownCriterion } from '../../src/criteria/criteria.ts'
import type { FaultInput } from '../../src/faults/fault-input.ts'
import { faults } from '../../src/faults/builders.ts'
import { planSchema } from '../../src/run/bundle/plan-schema.ts'
import { status } from '../../src/faults/request/status.ts'
import { claims } from '../../src/scenario/claims/claims.ts'
import { probes } from '../../src/scenario/claims/probes/probes.ts'
import { perSecond, request } from '../../src/scenario/load.ts'
import { phase, warmUp } from '../../src/scenario/phases.ts'
import { planScenario } from '../../src/scenario/plan-scenario.ts'
import { type ScenarioInput, reference, scenario } from '../../src/scenario/scenario.ts'

const { hang } = faults

const fake = (name: string) => ({ name, module: `/fakes/${name}.ts`, export: name })
const get = request('gemini.get', { path: '/gemini/models', reaches: ['gemini'] })
const post = request('gemini.post', { method: 'POST', path: '/gemini/ask?alt=json', body: { q: 1 }, reaches: ['gemini'] })
const other = request('orders.get', { path: '/orders/1', reaches: ['orders'] })

const story = {
  story: 'A story.',
  upstreams: { gemini: fake('gemini'), orders: fake('orders') },
  gateway: reference({ gemini: { breaker: { failures: 5, recovery: '5s', recoveryGrowth: 1 }, retry: { attempts: 3 } }, orders: {} }),
  load: { rate: perSecond(200), mix: [get, post, other] },
  phases: () => [warmUp('1s'), phase('steady', '10s'), phase('outage', '10s', status('gemini', 503)), phase('recovery', '20s')],
  claims: [claims.survivesOutageOf('gemini', { in: 'outage' })],
} satisfies ScenarioInput<'gemini' | 'orders'>

const plan = (changes: Partial<ScenarioInput<'gemini' | 'orders'>> = {}): Plan =>
  planScenario(scenario('story', { ...story, ...changes }), { seed: 42, settings: 'ci', source: 'scenarios/story.ts' })

const refusal = (changes: Partial<ScenarioInput<'gemini' | 'orders'>>): string => {
  try {
    plan(changes)
  } catch (error) {
    expect(error).toBeInstanceOf(GatecrashError)
    return (error as GatecrashError).message
  }
  throw new Error('the scenario was accepted')
}

it('puts the phases of the probes before the first fault, where no criterion looks that does not name them', () => {
  const { phases } = plan()
  expect(phases.map(({ name, warmUp: unjudged, probes: probed }) => [name, unjudged, probed === true])).toEqual([
    ['warm-up', true, false],
    ['steady', false, false],
    ['gemini not-found', true, true],
    ['probes', true, true],
    ['outage', false, false],
    ['recovery', false, false],
  ])
})

it('sends probes so far apart that what fails of two opens no breaker of three failures', () => {
  const apart = (failures: number, base?: string): number => {
    const { load } = plan(settings({ failures, recovery: '5s', recoveryGrowth: 1 }, base))
    const starts = load.mix
      .flatMap(({ route, probe }) => (probe && !route.endsWith('not-found') ? [probe.fromMs] : []))
      .toSorted((a, b) => a - b)
    return Math.min(...starts.slice(1).map((start, at) => start - starts[at]!))
  }
  expect([apart(3), apart(5)]).toEqual([250, 100])
  expect([apart(3, '1s'), apart(5, '1s')]).toEqual([1000, 100])
})

it('lets a slow failure end before another probe fails more than once', () => {
  const { load } = plan(settings({ failures: 3, recovery: '5s', recoveryGrowth: 1 }))
  const timesOf = (name: string): number[] => {
    const { probe } = load.mix.find(({ route }) => route === `gemini probe ${name}`)!
    return Array.from({ length: probe!.count }, (_, at) => probe!.fromMs + at * probe!.everyMs)
  }
  const failing = [...timesOf('fails-twice'), ...timesOf('cut-body')]
  // It takes 300 ms, and what its upstream takes besides.
  for (const slow of timesOf('slow-failure')) expect(failing.filter((at) => at >= slow && at < slow + 450)).toEqual([])
})

it('gives the last probes time for all their attempts, however long these wait: what falls into the fault is refused by its breaker', () => {
  const settled = (base?: string): number => {
    const { load, phases } = plan(settings({ failures: 5, recovery: '5s', recoveryGrowth: 1 }, base))
    const ends = load.mix.flatMap(({ route, probe }) =>
      probe && !route.endsWith('not-found') ? [probe.fromMs + probe.count * probe.everyMs] : [],
    )
    return phases.find(({ name }) => name === 'probes')!.endMs - Math.min(...ends)
  }
  // Waits of 1 s and of 2 s, and the attempts themselves.
  expect([settled(), settled('100ms'), settled('1s')]).toEqual([1000, 1000, 3500])
})

it('sends each probe at its own times, and leaves the requests of the story as they are', () => {
  const planned = plan()
  const sent = Map.groupBy([...arrivals(planned)], ({ route }) => route.route)
  for (const { route, probe } of planned.load.mix.filter((each) => each.probe !== undefined)) {
    const own = sent.get(route) ?? []
    expect(own.map(({ dueMs }) => dueMs)).toEqual(Array.from({ length: probe!.count }, (_, at) => probe!.fromMs + at * probe!.everyMs))
    expect(own.every(({ path }) => /[?&]v=[0-9a-f]{8}$/.test(path))).toBe(true)
  }
  const bare = { ...planned, load: { ...planned.load, mix: planned.load.mix.filter(({ probe }) => probe === undefined) } }
  const kept = (of: Plan) =>
    [...arrivals(of)].filter(({ route }) => !route.probe).map(({ dueMs, route, path, body }) => ({ dueMs, path, body, route: route.route }))
  expect(kept(planned)).toEqual(kept(bare))
  const indexes = [...arrivals(planned)].map(({ index }) => index)
  expect(indexes).toEqual(indexes.map((_, at) => at))
})

it('sends nothing beside a burst', () => {
  const { planned } = planIndex(plan())
  expect(planned.filter(({ phase: name }) => name === 'gemini not-found')).toEqual([
    { phase: 'gemini not-found', route: 'gemini probe not-found', requests: 40 },
  ])
})

it('sends a burst that is long enough for a breaker that waits for many failures', () => {
  const many = plan({ ...settings({ failures: 100, recovery: '5s', recoveryGrowth: 1 }) })
  expect(planIndex(many).planned.find(({ route }) => route === 'gemini probe not-found')?.requests).toBeGreaterThan(200)
})

it('hits with the fault of a probe that probe alone', () => {
  const own = plan().faults.filter(({ phase: name }) => name === 'probes' || name === 'gemini not-found')
  const hit = own.map(({ fault }) => (fault.made === 'request' ? fault.hits.probe : undefined))
  expect(hit.every((name) => name !== undefined && Object.hasOwn(probes, name))).toBe(true)
  expect(new Set(hit).size).toBeGreaterThan(3)
})

it('asks for what every story of an outage must ask, once, and says where the claim was written', () => {
  const { criteria, claims: planned } = plan({
    claims: [claims.survivesOutageOf('gemini', { in: 'outage' }), claims.survivesOutageOf('gemini', { in: 'outage' })],
  })
  expect(planned).toMatchObject([{ id: 'A1', sentence: 'an outage of gemini during outage is survived', unasked: [] }, { id: 'A2' }])
  const kinds = criteria.map(({ criterion: { kind } }) => kind)
  for (const kind of [
    'no_unsafe_retries',
    'opens_within',
    'closes_within',
    'recovers_after',
    'fast_fail',
    'error_rate',
    'fallbacks_below',
    'latency',
    'unharmed',
  ])
    expect(kinds).toContain(kind)
  expect(criteria.every(({ claims: by }) => by?.join() === 'A1,A2')).toBe(true)
  expect(criteria.every(({ source }) => source?.file === 'test/scenario/claims.test.ts')).toBe(true)
})

it('lets a scenario demand more, and asks once for what both demand', () => {
  const { criteria } = plan()
  const doubled = plan({
    criteria: [criteria[0]!.criterion, { kind: 'stays_closed', upstream: 'gemini' }].map((criterion) => ({
      criterion,
      warn: () => {
        throw new Error('not asked')
      },
    })),
  })
  expect(doubled.criteria).toHaveLength(criteria.length + 1)
  expect(doubled.criteria.at(-1)).toMatchObject({ criterion: { kind: 'stays_closed' } })
  expect(doubled.criteria.at(-1)).not.toHaveProperty('claims')
})

it('demands no fallback and no breaker of a gateway that is set to have none', () => {
  const { criteria } = plan({ gateway: reference({ gemini: {}, orders: {} }) })
  const kinds = criteria.map(({ criterion: { kind } }) => kind)
  expect(kinds).not.toContain('opens_within')
  expect(kinds).not.toContain('fallbacks_marked')
  expect(kinds).toContain('unharmed')
})

it('only warns of fewer attempts than nobody asked for', () => {
  const severity = (changes: object, options: object) => {
    const { criteria } = planScenario(scenario('story', { ...story, ...changes }), { seed: 1, settings: 'ci', source: 's.ts', ...options })
    return criteria.find(({ criterion }) => criterion.kind === 'attempts_reach')?.severity ?? 'error'
  }
  expect(severity({}, { isForeign: true })).toBe('error')
  expect(severity({ gateway: undefined }, {})).toBe('error')
  expect(severity({ gateway: undefined }, { isForeign: true })).toBe('warn')
  expect(severity({ gateway: undefined }, { isForeign: true, overrides: { 'gemini.retry.attempts': 3 } })).toBe('error')
})

it('asks of a slow upstream how many probes it gets, and only warns where nobody said how many', () => {
  const probed = (changes: object, options: object) => {
    const slow = {
      phases: () => [warmUp('1s'), phase('steady', '10s'), phase('hang', '10s', hang('gemini')), phase('recovery', '20s')],
      claims: [claims.survivesSlownessOf('gemini', { in: 'hang' })],
    }
    const asked = scenario('story', { ...story, ...slow, ...changes })
    const { criteria } = planScenario(asked, { seed: 1, settings: 'ci', source: 's.ts', ...options })
    const found = criteria.find(({ criterion }) => criterion.kind === 'probes_at_most')
    return found && { ...found.criterion, severity: found.severity ?? 'error' }
  }
  expect(probed({}, {})).toMatchObject({ upstream: 'gemini', most: 1, severity: 'error' })
  expect(probed({ gateway: undefined }, { isForeign: true })).toMatchObject({ most: 1, severity: 'warn' })
  const overrides = { 'gemini.breaker.probes': 3 }
  expect(probed({ gateway: undefined }, { isForeign: true, overrides })).toMatchObject({ most: 3, severity: 'error' })
  expect(probed({ gateway: reference({ gemini: {}, orders: {} }) }, {})).toBeUndefined()
})

it('asks that identities are told apart where the mix has several, and of no other mix', () => {
  const kinds = (changes: object = {}): string[] => plan(changes).criteria.map(({ criterion }) => criterion.kind)
  expect(kinds()).not.toContain('identities_kept_apart')
  const named = (...names: string[]) => {
    const identities = names.map((name) => ({ name, headers: { authorization: name } }))
    return {
      load: { ...story.load, mix: [request('gemini.mine', { path: '/gemini/mine', reaches: ['gemini'], identities }), get, post, other] },
    }
  }
  expect(kinds(named('alice', 'bob')).filter((kind) => kind === 'identities_kept_apart')).toHaveLength(1)
  expect(kinds(named('alice'))).not.toContain('identities_kept_apart')
})

it('tells what it cannot ask, for want of a route to ask like', () => {
  expect(plan({ load: { ...story.load, mix: [get, other] } }).claims?.[0]?.unasked).toEqual([
    'a request that may not be repeated, and fails once: the mix has no POST for gemini alone',
  ])
})

it('refuses a claim that the phases leave no time to decide, by its place', () => {
  const phases = () => [phase('steady', '10s'), phase('outage', '10s', status('gemini', 503)), phase('recovery', '5s')]
  expect(refusal({ phases })).toMatch(/claims\[0\] +8\.5 s after outage, gemini is as in steady: withinMs must be below the 5 s/)
})

it('refuses a claim about what is not there', () => {
  expect(refusal({ claims: [claims.survivesOutageOf('gemny', { in: 'outage' })] })).toContain(
    'unknown upstream "gemny"; did you mean "gemini"?',
  )
  expect(refusal({ claims: [claims.survivesOutageOf('gemini', { in: 'outge' })] })).toContain(
    'unknown phase "outge"; did you mean "outage"?',
  )
  expect(refusal({ claims: [{ claim: { kind: 'survives_all' } }] })).toContain('claims[0]  unknown claim "survives_all"')
  expect(refusal({ claims: [{} as never] })).toContain('is no claim')
})

it('tells what is wrong with a phase by its place in the scenario, whatever is put before it', () => {
  const phases = () => [phase('steady', '10s'), phase('outage', '10s', status('gemini', 503)), phase('recovery', '-1s')]
  expect(refusal({ phases })).toContain('phases[2].duration')
  const named = () => [
    phase('steady', '10s'),
    phase('probes', '5s'),
    phase('outage', '10s', status('gemini', 503)),
    phase('recovery', '20s'),
  ]
  expect(refusal({ phases: named })).toContain('phases[1].name  "probes" is the phase in which claims send their probes')
})

describe('each claim', () => {
  const made = Object.entries(claims).map(([name, claim]) => [name, claim('gemini', { in: 'outage' })] as const)

  it.each(made)('%s is plain data, asks for something, and of phases that there are', (_name, claim) => {
    const planned = plan({ claims: [claim] })
    expect(planSchema(2).parse(JSON.parse(JSON.stringify(planned)))).toEqual(planned)
    expect(planned.criteria.length).toBeGreaterThan(0)
    expect(planned.claims?.[0]?.sentence).toContain('gemini')
    for (const { criterion } of planned.criteria)
      for (const name of knownCriterion(criterion).phases) expect(planned.phases.map((each) => each.name)).toContain(name)
  })

  it.each(made)('%s refuses a span that is none', (name, { claim }) => {
    const spans = { in: 'outage', p95Below: 'soon', outlives: 'soon' }
    expect(() => claims[name as keyof typeof claims]('gemini', spans)).toThrow('not a duration: "soon"')
    const field = Object.keys(claim).find((key) => key.endsWith('Ms'))
    expect(refusal({ claims: [{ claim: { ...claim, [field!]: -1 } }] })).toContain(`claims[0].${field}`)
  })
})

const settings = (breaker: object, base?: string) => {
  const retry = base === undefined ? {} : { retry: { base } }
  return { gateway: reference({ gemini: { timeout: { attempt: '1s', total: '5s' }, breaker, ...retry }, orders: {} }) }
}

describe('the bounds of a claim', () => {
  const boundOf = (planned: Plan, kind: string): unknown => planned.criteria.find(({ criterion }) => criterion.kind === kind)?.criterion
  const faulted = (...on: FaultInput[]) => ({
    phases: () => [phase('steady', '10s'), phase('outage', '10s', ...on), phase('recovery', '30s')],
  })

  it('let a breaker open within a second of errors, and within two timeouts of silence', () => {
    expect(boundOf(plan(settings({ recovery: '5s' })), 'opens_within')).toMatchObject({ withinMs: 1000 })
    expect(boundOf(plan({ ...settings({ recovery: '5s' }), ...faulted(hang('gemini')) }), 'opens_within')).toMatchObject({ withinMs: 2000 })
  })

  it('give a breaker that waits for many failures the time that the load needs for them', () => {
    // Two of three requests in 200 a second are for gemini.
    expect(boundOf(plan(settings({ failures: 200, recovery: '5s' })), 'opens_within')).toMatchObject({ withinMs: 3000 })
  })

  it('give a breaker by rate the share of its window that must have failed', () => {
    const byTime = settings({ failureRate: { ratio: 0.5, within: '4s' }, recovery: '5s' })
    expect(boundOf(plan(byTime), 'opens_within')).toMatchObject({ withinMs: 3000 })
    expect(boundOf(plan({ ...byTime, ...faulted(hang('gemini')) }), 'opens_within')).toMatchObject({ withinMs: 4000 })
    // 100 of the last 200 calls are failures after 0.75 s at 133 a second.
    const byCalls = settings({ failureRate: { ratio: 0.5, calls: 200 }, recovery: '5s' })
    expect(boundOf(plan(byCalls), 'opens_within')).toMatchObject({ withinMs: 1750 })
    // Failures in a row are there before.
    const byBoth = settings({ failures: 5, failureRate: { ratio: 0.5 }, recovery: '5s' })
    expect(boundOf(plan(byBoth), 'opens_within')).toMatchObject({ withinMs: 1000 })
  })

  it('follow a recovery that grows with each probe that fails, as far as the fault lasts', () => {
    expect(boundOf(plan(settings({ recovery: '5s', recoveryGrowth: 1 })), 'closes_within')).toMatchObject({ withinMs: 7500 })
    expect(boundOf(plan(settings({ recovery: '2s', recoveryGrowth: 2 })), 'closes_within')).toMatchObject({ withinMs: 12_000 })
    expect(boundOf(plan(settings({ recovery: '2s', recoveryGrowth: 2, recoveryMax: '3s' })), 'closes_within')).toMatchObject({
      withinMs: 4500,
    })
  })
})

describe('the phases around a fault', () => {
  const flapping = () => [
    phase('steady', '10s'),
    phase('bad 1', '3s', status('gemini', 503)),
    phase('good 1', '5s'),
    phase('bad 2', '3s', status('gemini', 503)),
    phase('good 2', '3s'),
    phase('recovery', '20s'),
  ]
  const judged = (name: string): string[] =>
    plan({ phases: flapping, claims: [claims.recovers('gemini', { in: name })], ...settings({ recovery: '1s', recoveryGrowth: 1 }) })
      .criteria.filter(({ criterion }) => criterion.kind === 'latency')
      .flatMap(({ criterion }) => criterion['during'] as string[])

  it('are the quiet ones before all faults, and the longest after this one and before the next', () => {
    expect(judged('bad 1')).toEqual(['steady', 'good 1'])
    expect(judged('bad 2')).toEqual(['steady', 'recovery'])
  })
})

it('sends no burst of 404s to an upstream whose 404 is set to count as a failure, and says so', () => {
  const gateway = reference({
    gemini: { breaker: { failures: 5, recovery: '5s' }, retry: {}, classes: { '404': 'failure' as const } },
    orders: {},
  })
  const { phases, claims: planned = [], criteria } = plan({ gateway })
  expect(phases.map(({ name }) => name)).not.toContain('gemini not-found')
  expect(planned[0]!.unasked).toEqual(['a burst of requests for what is not there: its 404 is set to count as a failure'])
  expect(criteria.filter(({ criterion }) => criterion.kind === 'breaker_blind_to')).toEqual([])
})

it('sends no requests that fail to an upstream whose breaker would open for them, whatever is good between them', () => {
  const breaker = { failures: 5, within: '60s', recovery: '5s' } as const
  const { criteria, claims: planned = [] } = plan({ gateway: reference({ gemini: { breaker, retry: {} }, orders: {} }) })
  expect(planned[0]!.unasked).toContain(
    'a request that fails slowly: its breaker counts 5 failures within 60 s, whatever is good between them, and would open',
  )
  expect(criteria.filter(({ criterion }) => criterion.kind === 'attempts_reach')).toEqual([])
  expect(criteria.map(({ criterion }) => criterion.kind)).toContain('opens_within')
})
