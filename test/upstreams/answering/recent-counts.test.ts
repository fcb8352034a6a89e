import { expect, it } from 'vitest'
import { recentCounts } from '../../../src/upstreams/answering/recent-counts.ts'

it('counts by key', () => {
  const counts = recentCounts(10)
  expect(['a', 'b', 'a', 'a'].map((key) => counts.count(key))).toEqual([1, 1, 2, 3])
})

it('forgets the key that was seen longest ago, and never holds more than its limit', () => {
  const counts = recentCounts(2)
  for (const key of ['a', 'b', 'a', 'c']) counts.count(key)
  expect(counts.size).toBe(2)
  expect([counts.count('a'), counts.count('b')]).toEqual([3, 1])
})
