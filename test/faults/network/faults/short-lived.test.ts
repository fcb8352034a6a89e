import { expect, it } from 'vitest'
import { faults } from '../../../../src/faults/builders.ts'
import { keepsRequests, planned, sign } from '../../planned.ts'

const { shortLived } = faults

it('closes connections at an age', () => {
  expect(planned(shortLived('gemini', 50))).toMatchObject({ toxic: { type: 'limit_time', attributes: { time: 50 } } })
  expect(keepsRequests(shortLived('gemini', 50))).toBe(true)
})

it('can only be seen to be on a connection, since a canary does not live so long', () => {
  expect(sign(shortLived('gemini', 50), {})).toBe('a connection went through it; a short one cannot feel it')
  expect(sign(shortLived('gemini', 50), { outcome: 'reset' })).toBeUndefined()
})
