import { expect, it } from 'vitest'
import { faults } from '../../../../src/faults/builders.ts'
import { delayBound, keepsRequests, planned, sign } from '../../planned.ts'

const { slowLink, stall } = faults

it('is seen by an answer that takes as long as the link needs', () => {
  // 8 KiB at 40 KB/s: 205 ms.
  expect(sign(slowLink('gemini', 40), { endMs: 90 })).toBeUndefined()
  expect(sign(slowLink('gemini', 40), { endMs: 120 })).toBe('the answer took 120 ms, not 3 ms')
  expect(sign(stall('gemini'), { outcome: 'silent', endMs: 400 })).toBe('the answer took 400 ms, not 3 ms')
})

it('stalls at no bytes a second', () => expect(planned(stall('gemini', 'upstream'))).toEqual(planned(slowLink('gemini', 0, 'upstream'))))

it('delays requests without a bound when it is on their way', () => {
  expect(delayBound(slowLink('gemini', 40, 'upstream'))).toBe(Number.POSITIVE_INFINITY)
  expect([delayBound(slowLink('gemini', 40)), keepsRequests(slowLink('gemini', 40))]).toEqual([0, false])
})
