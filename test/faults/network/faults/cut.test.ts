import { expect, it } from 'vitest'
import { faults } from '../../../../src/faults/builders.ts'
import { delayBound, keepsRequests, planned, sign, wordsOf } from '../../planned.ts'

const { cut } = faults

it('switches the proxy off', () => {
  expect(planned(cut({ name: 'gemini' }))).toEqual({ made: 'network', is: 'down' })
  expect(wordsOf(cut('gemini'))).toBe('refuses connections')
})

it('is seen by a refused connection alone', () => {
  expect(sign(cut('gemini'), { outcome: 'refused' })).toBe('the connection was refused')
  expect(sign(cut('gemini'), { outcome: 'reset' })).toBeUndefined()
})

it('keeps requests away, and delays none', () => {
  expect([keepsRequests(cut('gemini')), delayBound(cut('gemini'))]).toEqual([true, 0])
})
