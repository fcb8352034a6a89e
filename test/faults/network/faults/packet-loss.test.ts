import { expect, it } from 'vitest'
import { faults } from '../../../../src/faults/builders.ts'
import { delayBound, keepsRequests, problemsOf, sign } from '../../planned.ts'

const { packetLoss } = faults

it('is seen by an answer that never comes', () => expect(sign(packetLoss('gemini', 1), { outcome: 'silent' })).toContain('never came'))

it('loses requests on their way, and delays none', () => {
  expect([keepsRequests(packetLoss('gemini', 0.1, 0, 'upstream')), keepsRequests(packetLoss('gemini', 0.1))]).toEqual([true, false])
  expect(delayBound(packetLoss('gemini', 0.1, 0, 'upstream'))).toBe(0)
})

it('refuses more than everything', () => {
  expect(problemsOf(packetLoss('gemini', 1.1))).toEqual([expect.stringMatching(/packet_loss\.loss_rate: .*got 1\.1/)])
})
