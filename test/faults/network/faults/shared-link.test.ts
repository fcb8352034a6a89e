import { expect, it } from 'vitest'
import { faults } from '../../../../src/faults/builders.ts'
import { delayBound, planned, sign } from '../../planned.ts'

const { sharedLink } = faults

it('is seen by a slow answer, and delays requests without a bound', () => {
  expect(planned(sharedLink('gemini', 20))).toMatchObject({ toxic: { type: 'shared_bandwidth', attributes: { rate: 20 } } })
  expect(sign(sharedLink('gemini', 20), { endMs: 210 })).toContain('the answer took 210 ms')
  expect(delayBound(sharedLink('gemini', 20, 'upstream'))).toBe(Number.POSITIVE_INFINITY)
})
