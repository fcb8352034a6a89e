import { expect, it } from 'vitest'
import { arrivals } from '../../src/plan/arrivals.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { planIndex } from '../../src/plan/plan-index.ts'

const plan: Pick<Plan, 'load' | 'phases' | 'seed' | 'durationMs'> = {
  seed: 7,
  durationMs: 10_000,
  phases: [{ name: 'only', startMs: 0, endMs: 10_000, warmUp: false, expected: 0 }],
  load: {
    arrivals: 'poisson',
    // Some ticks have many requests, and most of the last ones have none.
    rate: [
      { fromMs: 0, toMs: 1000, startPerSecond: 200, endPerSecond: 200 },
      { fromMs: 1000, toMs: 10_000, startPerSecond: 4, endPerSecond: 4 },
    ],
    mix: [{ route: 'one', reaches: [{ upstream: 'gemini' }], weight: 1, method: 'GET', paths: ['/'], headers: {}, bodies: [] }],
    timeoutMs: 1000,
  },
}

it('tells the tick of a request, in whatever order it is asked', () => {
  const index = planIndex(plan)
  const { tickMs, end } = index
  const ticks = Array.from(arrivals(plan), ({ dueMs }) => Math.floor(dueMs / tickMs) * tickMs)
  expect(ticks.length).toBe(end)
  expect(end).toBeGreaterThan(100)
  const forwards = ticks.map((_, ordinal) => ordinal)
  const jumping = forwards.map((ordinal) => (ordinal * 37) % end)
  for (const ordinal of [...forwards, ...forwards.toReversed(), ...jumping]) expect(index.dueMs(ordinal)).toBe(ticks[ordinal])
  expect(index.dueMs(end + 100)).toBe(ticks.at(-1))
})
