import { expect, it } from 'vitest'
import { spanAtRank } from '../../../src/evidence/latency-histogram.ts'
import { type Answer, evidenceOf, planOf } from '../../judge/history.ts'

const flaky: Answer = {
  outcome: 'ok',
  latencyMs: 400,
  attempts: 3,
  method: 'GET',
  tries: [
    { afterMs: 1, lastsMs: 20, status: 0 },
    { afterMs: 100, lastsMs: 10, status: 429, retryAfterMs: 200 },
    { afterMs: 50, lastsMs: 10, status: 200 },
  ],
}

it('counts how attempts ended, and how long after that the same was tried again', async () => {
  const plan = planOf([], {}, 40)
  let count = 0
  const { retries } = await evidenceOf({ gemini: (dueMs) => (dueMs > 2000 && count++ === 0 ? flaky : 'not sent'), breaker: [] }, plan)
  const cell = retries.find(({ upstream }) => upstream === 'gemini')!
  expect(cell).toMatchObject({ phase: 'steady', route: 'gemini.generate', most: 3, overlapped: 0, swallowed: 0, late: 0 })
  expect(cell.ended.map(({ status, attempts, repeated }) => [status, attempts, repeated])).toEqual([
    [0, 1, 1],
    [200, 1, 0],
    [429, 1, 1],
  ])
  const gapAfter = (status: number): number => spanAtRank(cell.ended.find((each) => each.status === status)!.gaps, 1)
  expect(gapAfter(0)).toBeCloseTo(100, 0)
  expect(gapAfter(429)).toBeCloseTo(50, 0)
  expect(cell.told).toMatchObject({ attempts: 1, repeated: 1, worst: { toldMs: 200 } })
  expect(spanAtRank(cell.told.early, 1)).toBeCloseTo(150, -1)
})
