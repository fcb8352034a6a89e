import { expect, it } from 'vitest'
import { toxic } from '../../../../src/faults/network/network-fault.ts'
import { sign } from '../../planned.ts'

it('is seen by an answer that is cut short', () => {
  const limit = toxic('gemini', 'limit_data', { bytes: 100 })
  expect(sign(limit, { outcome: 'cut_short' })).toBe('the answer was cut short')
  expect(sign(limit, { outcome: 'reset' })).toBeUndefined()
})
