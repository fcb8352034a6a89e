import { expect, it } from 'vitest'
import { faults } from '../../../../src/faults/builders.ts'
import { delayBound, keepsRequests, planned, sign } from '../../planned.ts'

const { resets } = faults

it('resets connections some time after their first byte', () => {
  expect(planned(resets('gemini', 20))).toMatchObject({ toxic: { type: 'reset_peer', attributes: { timeout: 20 } }, stream: 'upstream' })
})

it.each(['reset', 'cut_short'] as const)('is seen by a connection that was %s', (outcome) => {
  expect(sign(resets('gemini'), { outcome })).toBe(`the connection ended early (${outcome})`)
})

it('is not seen by a connection that was refused', () => expect(sign(resets('gemini'), { outcome: 'refused' })).toBeUndefined())

it('keeps requests away, and delays none', () => expect([keepsRequests(resets('gemini')), delayBound(resets('gemini'))]).toEqual([true, 0]))
