import { expect, it } from 'vitest'
import { inOrder } from '../../../src/tuning/search/objectives.ts'
import { byRank, frontOf } from '../../../src/tuning/search/ranking.ts'
import { type Standing, standingOf } from '../../../src/tuning/search/standing.ts'
import type { TrialResult } from '../../../src/tuning/trial/trial.ts'
import { failed, passed, undecided } from '../trial-results.ts'

const standing = (value: number, ...results: TrialResult[]): Standing =>
  standingOf(
    { settings: { 'a.b.c': value }, values: [value] },
    results.map((result, seed) => ({ trial: { scenario: 'story', settings: { 'a.b.c': value }, seed }, result })),
  )!

const order = inOrder([])
const valuesOf = (standings: readonly Standing[]) => standings.map(({ values: [value] }) => value)

it('ranks by the worst margin first, then by what is wasted, then by the rest', () => {
  const all = [
    standing(1, passed({ margin: 0.3, wastedCalls: 50 })),
    standing(2, passed({ margin: 0.5, wastedCalls: 90 })),
    standing(3, passed({ margin: 0.304, wastedCalls: 20 })),
    standing(4, failed('p95')),
  ]
  expect(valuesOf(all.toSorted(byRank(order)))).toEqual([2, 3, 1, 4])
  expect(valuesOf(all.toSorted(byRank(inOrder(['wasted-calls']))))).toEqual([3, 1, 2, 4])
})

it('keeps on the front what nothing beats, and leaves out what something does', () => {
  const all = [
    standing(1, passed({ margin: 0.5, wastedCalls: 50 })),
    standing(2, passed({ margin: 0.3, wastedCalls: 20 })),
    standing(3, passed({ margin: 0.3, wastedCalls: 50 })),
    standing(4, passed({ margin: 0.2, wastedCalls: 20, recoveryMs: 0 })),
    standing(5, failed('p95', { wastedCalls: 0, margin: 1 })),
  ]
  expect(valuesOf(frontOf(all, order))).toEqual([1, 2])
})

it('passes a candidate that was undecided once in eight, and none that failed once', () => {
  const sevenPassed = Array.from({ length: 7 }, () => passed())
  expect(standing(1, ...sevenPassed, undecided('p99')).passes).toBe(true)
  expect(standing(1, ...sevenPassed, failed('p99')).passes).toBe(false)
  expect(standing(1, passed(), undecided('p99')).passes).toBe(false)
})

it('counts the worst seed for the margin, and the mean for costs', () => {
  const { scores, bySeed } = standing(1, passed({ margin: 0.5, wastedCalls: 10 }), passed({ margin: 0.1, wastedCalls: 20 }))
  expect(scores).toMatchObject({ margin: 0.1, 'wasted-calls': 15 })
  expect(bySeed['wasted-calls']).toEqual([10, 20])
})
