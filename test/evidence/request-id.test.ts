import { expect, it } from 'vitest'
import { indexOf, requestId, RequestIds, requestIndex, runId } from '../../src/evidence/request-id.ts'

it('finds the ordinal again in a request id of its own run, and in no other', () => {
  const run = runId(42, new Date('2026-01-01T00:00:00.000Z'))
  expect(run).toMatch(/^[a-z0-9]+$/)
  for (const index of [0, 35, 36, 123_456]) expect(requestIndex(run, requestId(run, index))).toBe(index)
  expect(requestIndex(run, requestId(run, 36, '0badcafe'))).toBe(36)
  for (const index of [0, 35, 36, 123_456]) expect(indexOf(requestId(run, index))).toBe(index)
  expect(indexOf(requestId(run, 36, '0badcafe'))).toBe(36)
  const next = runId(42, new Date('2026-01-01T00:00:00.001Z'))
  expect(requestIndex(next, requestId(run, 7))).toBe(-1)
  for (const foreign of ['', 'abc', `${run}-!`, `${run}-7-2`, `${run}p-7`, `${run}p0badcafe7`, `${run}s-7`, `${run}-`, `own-${run}-7`])
    expect(requestIndex(run, foreign)).toBe(-1)
})

it('makes the same ids in turn, and whatever is asked for between', () => {
  const ids = new RequestIds('r7')
  for (const index of [0, 1, 35, 36, 37, 1295, 1296, 46_655, 46_656, 46_657, 36, 35, 0]) expect(ids.of(index)).toBe(requestId('r7', index))
})
