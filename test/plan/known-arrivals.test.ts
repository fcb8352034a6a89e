import { expect, it } from 'vitest'
import { arrivals } from '../../src/plan/arrivals.ts'
import type { Plan, PlannedRoute } from '../../src/plan/plan.ts'
import { planIndex, upcomingArrivals } from '../../src/plan/plan-index.ts'

const route = (name: string, changes: Partial<PlannedRoute> = {}): PlannedRoute => ({
  route: name,
  reaches: [{ upstream: 'gemini' }],
  weight: 1,
  method: 'POST',
  paths: ['/1', '/2', '/3'],
  headers: {},
  bodies: [],
  ...changes,
})

const identities = [
  { name: 'one', headers: {} },
  { name: 'other', headers: {} },
]

function planAt(perSecond: number): Pick<Plan, 'load' | 'phases' | 'seed' | 'durationMs'> {
  return {
    seed: 7,
    durationMs: 10_000,
    phases: [{ name: 'only', startMs: 0, endMs: 10_000, warmUp: false, expected: 0 }],
    load: {
      arrivals: 'poisson',
      rate: [{ fromMs: 0, toMs: 10_000, startPerSecond: perSecond, endPerSecond: perSecond }],
      mix: [
        route('plain'),
        route('many', { paths: ['/1', '/2'], bodies: [{ a: 1 }, { a: 2 }, 'text'], identities }),
        route('probe', { paths: ['/1'], probe: { fromMs: 100, everyMs: 250, count: 8 } }),
      ],
      timeoutMs: 1000,
    },
  }
}

/** 200,000 are kept. */
it.each([
  [100, true],
  [21_000, false],
])('plays the arrivals that were drawn for the index, and draws those again that are too many to keep: %i a second', (rate, kept) => {
  const plan = planAt(rate)
  expect(planIndex(plan).arrivals !== undefined).toBe(kept)
  const take = upcomingArrivals(plan)
  let differing = 0
  for (const drawn of arrivals(plan)) {
    const arrival = take()!
    const isSame =
      arrival.index === drawn.index &&
      arrival.dueMs === drawn.dueMs &&
      arrival.route === drawn.route &&
      arrival.path === drawn.path &&
      arrival.body === drawn.body &&
      arrival.identity === drawn.identity &&
      arrival.way === drawn.way
    if (!isSame) differing++
  }
  expect(differing).toBe(0)
  expect(take()).toBeUndefined()
})
