import { expect, it } from 'vitest'
import { faults } from '../../../../src/faults/builders.ts'
import { delayBound, keepsRequests, problemsOf, sign, wordsOf } from '../../planned.ts'

const { slowNetwork } = faults

it('is seen by a first byte that is late by half of the delay at least', () => {
  expect(sign(slowNetwork('gemini', 100), { firstByteMs: 51 })).toBeUndefined()
  expect(sign(slowNetwork('gemini', 100), { firstByteMs: 102 })).toBe('the first byte took 102 ms, not 2 ms')
})

it('delays a request by its latency and jitter at most, and only on its way', () => {
  expect(delayBound(slowNetwork('gemini', 1000, 100, 'upstream'))).toBe(1100)
  expect(delayBound(slowNetwork('gemini', 1000, 100, 'downstream'))).toBe(0)
  expect([keepsRequests(slowNetwork('gemini', 1, 0, 'upstream')), keepsRequests(slowNetwork('gemini', 1))]).toEqual([true, false])
})

it('says what it does, and refuses what no server would take', () => {
  expect(wordsOf(slowNetwork('gemini', 1000, 100))).toBe('latency toxic downstream, latency 1000, jitter 100')
  expect(problemsOf(slowNetwork('gemini', 2 ** 31))).toEqual([expect.stringContaining('faults[0].latency.latency')])
  expect(problemsOf(slowNetwork('gemini', 1.5))).toHaveLength(1)
})
