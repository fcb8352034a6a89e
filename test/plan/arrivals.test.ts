import { describe, expect, it } from 'vitest'
import { arrivals, expectedArrivals } from '../../src/plan/arrivals.ts'
import type { Plan, PlannedRoute } from '../../src/plan/plan.ts'

const route = (name: string, weight: number, during?: string[]): PlannedRoute => ({
  route: name,
  reaches: [{ upstream: 'gemini' }],
  weight,
  method: 'GET',
  paths: ['/1', '/2'],
  headers: {},
  bodies: [],
  ...(during && { during }),
})

const plan = (changes: Partial<Plan['load']> = {}): Pick<Plan, 'load' | 'phases' | 'seed'> => ({
  seed: 7,
  phases: [
    { name: 'first', startMs: 0, endMs: 10_000, warmUp: false, expected: 0 },
    { name: 'second', startMs: 10_000, endMs: 20_000, warmUp: false, expected: 0 },
  ],
  load: {
    arrivals: 'poisson',
    rate: [
      { fromMs: 0, toMs: 10_000, startPerSecond: 100, endPerSecond: 100 },
      { fromMs: 10_000, toMs: 20_000, startPerSecond: 100, endPerSecond: 300 },
    ],
    mix: [route('often', 3), route('seldom', 1)],
    timeoutMs: 1000,
    ...changes,
  },
})

describe('arrivals', () => {
  it('come in order, within the load, and are the same for the same seed', () => {
    const times = [...arrivals(plan())].map(({ dueMs }) => dueMs)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times[0]).toBeGreaterThan(0)
    expect(times.at(-1)).toBeLessThan(20_000)
    expect([...arrivals(plan())].map(({ dueMs }) => dueMs)).toEqual(times)
    expect([...arrivals({ ...plan(), seed: 8 })].map(({ dueMs }) => dueMs)).not.toEqual(times)
  })

  it('follow the rate through a ramp: constant arrivals match the area to one request', () => {
    const times = [...arrivals(plan({ arrivals: 'constant' }))].map(({ dueMs }) => dueMs)
    for (const end of [5000, 10_000, 12_500, 15_000, 20_000]) {
      const expected = expectedArrivals(plan().load, 0, end)
      expect(Math.abs(times.filter((time) => time < end).length - expected)).toBeLessThanOrEqual(1)
    }
    expect(times).toHaveLength(3000)
  })

  it('have exponential gaps when they are Poisson: mean and deviation agree', () => {
    const rate = [{ fromMs: 0, toMs: 100_000, startPerSecond: 200, endPerSecond: 200 }]
    const times = [...arrivals(plan({ rate }))].map(({ dueMs }) => dueMs)
    const gaps = times.slice(1).map((time, at) => time - times[at]!)
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length)
    expect(mean).toBeCloseTo(5, 0)
    expect(deviation / mean).toBeCloseTo(1, 1)
  })

  it('keep to the weights of the mix', () => {
    const all = [...arrivals(plan())]
    const often = all.filter((arrival) => arrival.route.route === 'often').length
    expect(often / all.length).toBeCloseTo(0.75, 1)
  })

  it('send a route only in the phases it names, and leave the rate as it is', () => {
    const all = [...arrivals(plan({ mix: [route('always', 1), route('late', 1, ['second'])] }))]
    const late = all.filter((arrival) => arrival.route.route === 'late')
    expect(late.length).toBeGreaterThan(0)
    expect(late.every(({ dueMs }) => dueMs >= 10_000)).toBe(true)
  })

  it('number the ways in which the load asks: another one for each route, path, body and identity', () => {
    const identities = [
      { name: 'one', headers: {} },
      { name: 'other', headers: {} },
    ]
    const asking = { ...route('many', 1), paths: ['/1', '/2', '/3'], bodies: [{ a: 1 }, { a: 2 }], identities }
    const contents = new Map<number, string>()
    for (const { way, route: asked, path, body, identity } of arrivals(plan({ mix: [asking, route('few', 1)] }))) {
      const content = JSON.stringify([asked.route, path, body, identity])
      expect(contents.get(way) ?? content).toBe(content)
      contents.set(way, content)
    }
    expect(contents.size).toBe(12 + 2)
    expect(new Set(contents.values()).size).toBe(12 + 2)
  })

  it('pause where the rate is zero', () => {
    const rate = [
      { fromMs: 0, toMs: 1000, startPerSecond: 100, endPerSecond: 0 },
      { fromMs: 1000, toMs: 2000, startPerSecond: 0, endPerSecond: 0 },
      { fromMs: 2000, toMs: 3000, startPerSecond: 0, endPerSecond: 100 },
    ]
    const times = [...arrivals(plan({ rate, arrivals: 'constant' }))].map(({ dueMs }) => dueMs)
    expect(times).toHaveLength(100)
    expect(times.filter((time) => time > 1000 && time < 2000)).toEqual([])
  })
})
