import { expect, it } from 'vitest'
import { faults } from '../../../../src/faults/builders.ts'
import { allPlanned, delayBound, keepsRequests, planned, sign, wordsOf } from '../../planned.ts'

const { blackhole, halfOpen } = faults

it('swallows one direction, or both', () => {
  expect(planned(blackhole('gemini'))).toEqual({
    made: 'network',
    is: 'toxic',
    toxic: { type: 'timeout', attributes: { timeout: 0 } },
    stream: 'downstream',
    toxicity: 1,
  })
  expect(planned(halfOpen('gemini'))).toEqual(planned(blackhole('gemini', 'upstream')))
  expect(allPlanned(blackhole('gemini', 'both')).map((fault) => fault.made === 'network' && fault.is === 'toxic' && fault.stream)).toEqual([
    'upstream',
    'downstream',
  ])
  expect(wordsOf(blackhole('gemini'))).toBe('timeout toxic downstream, timeout 0')
})

it('is seen by an answer that never comes', () => {
  expect(sign(blackhole('gemini'), { outcome: 'silent' })).toBe('the answer never came (silent)')
  expect(sign(blackhole('gemini'), {})).toBeUndefined()
})

it('keeps requests from the upstream when it is on their way, and answers alone when it is on theirs', () => {
  expect([keepsRequests(halfOpen('gemini')), keepsRequests(blackhole('gemini'))]).toEqual([true, false])
  expect(delayBound(halfOpen('gemini'))).toBe(0)
})
