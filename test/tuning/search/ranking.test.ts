import { expect, it } from 'vitest'
import { priorities } from '../../../src/tuning/search/objectives.ts'
import { type Preference, byRank, frontOf } from '../../../src/tuning/search/ranking.ts'
import { type Standing, standingOf } from '../../../src/tuning/search/standing.ts'
import type { TrialResult } from '../../../src/tuning/trial/trial.ts'
import { failed, passed, undecided } from '../trial-results.ts'

const standing = (value: number, ...results: TrialResult[]): Standing =>
  standingOf(
    { settings: { 'a.b.c': value }, values: [value] },
    results.map((result, seed) => ({ trial: { scenario: 'story', settings: { 'a.b.c': value }, seed }, result })),
  )!

/** Of 2,000 requests, ten calls are half a percent. */
const preferring = (named: Parameters<typeof priorities>[0] = [], distance: Preference['distance'] = () => 0): Preference => ({
  order: priorities(named, 2000),
  present: undefined,
  distance,
})
const valuesOf = (standings: readonly Standing[]) => standings.map(({ values: [value] }) => value)

it('ranks by the worst margin first, then by what is wasted, then by the rest', () => {
  const all = [
    standing(1, passed({ margin: 0.3, wastedCalls: 50 })),
    standing(2, passed({ margin: 0.5, wastedCalls: 90 })),
    standing(3, passed({ margin: 0.304, wastedCalls: 20 })),
    standing(4, failed('p95')),
  ]
  expect(valuesOf(all.toSorted(byRank(preferring())))).toEqual([2, 3, 1, 4])
  expect(valuesOf(all.toSorted(byRank(preferring(['wasted-calls']))))).toEqual([3, 1, 2, 4])
})

it('gives up no goodput for a handful of calls, unless calls were named', () => {
  const all = [
    standing(1, passed({ wastedCalls: 5, lostGoodput: 0.3 })),
    standing(2, passed({ wastedCalls: 9, lostGoodput: 0.2 })),
    standing(3, passed({ wastedCalls: 30, lostGoodput: 0.1 })),
  ]
  expect(valuesOf(all.toSorted(byRank(preferring())))).toEqual([2, 1, 3])
  expect(valuesOf(all.toSorted(byRank(preferring(['wasted-calls']))))).toEqual([1, 2, 3])
  expect(valuesOf(all.toSorted(byRank(preferring(['lost-goodput']))))).toEqual([3, 2, 1])
})

it('changes what need not change by as little as it can', () => {
  const all = [standing(1, passed({ lostGoodput: 0.101 })), standing(5, passed({ lostGoodput: 0.102 })), standing(9, passed())]
  const fromSix: Preference['distance'] = ([value = 6]) => Math.abs(value - 6)
  expect(valuesOf(all.toSorted(byRank(preferring([], fromSix))))).toEqual([9, 5, 1])
  expect(valuesOf(frontOf(all.slice(0, 2), preferring([], fromSix)))).toEqual([5])
})

it('counts from the present settings: a hair beyond a step of nought is no step beyond them', () => {
  const present = standing(6, passed({ wastedCalls: 19 }))
  const all = [present, standing(7, passed({ wastedCalls: 21, lostGoodput: 0.1 })), standing(8, passed({ wastedCalls: 9 }))]
  expect(valuesOf(all.toSorted(byRank(preferring())))).toEqual([8, 6, 7])
  const fromPresent: Preference = { ...preferring(), present: present.scores }
  const cheaper = standing(9, passed({ wastedCalls: 21 }), passed({ wastedCalls: 21 }))
  expect(valuesOf([cheaper, present].toSorted(byRank(fromPresent)))).toEqual([6, 9])
  expect(valuesOf([...all, cheaper].toSorted(byRank(fromPresent)))).toEqual([8, 6, 9, 7])
})

it('keeps on the front what nothing beats, and leaves out what something does', () => {
  const all = [
    standing(1, passed({ margin: 0.5, wastedCalls: 50 })),
    standing(2, passed({ margin: 0.3, wastedCalls: 20 })),
    standing(3, passed({ margin: 0.3, wastedCalls: 50 })),
    standing(4, passed({ margin: 0.2, wastedCalls: 20, recoveryMs: 0 })),
    standing(5, failed('p95', { wastedCalls: 0, margin: 1 })),
  ]
  expect(valuesOf(frontOf(all, preferring()))).toEqual([1, 2])
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
