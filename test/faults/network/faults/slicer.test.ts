import { expect, it } from 'vitest'
import { toxic } from '../../../../src/faults/network/network-fault.ts'
import { delayBound, problemsOf, sign } from '../../planned.ts'

const slicer = (stream: 'upstream' | 'downstream', variation = 10) =>
  toxic('gemini', 'slicer', { average_size: 500, size_variation: variation, delay: 100 }, { stream })

it('is seen by an answer in more pieces', () => {
  expect(sign(slicer('downstream'), { pieces: 17 })).toBe('the answer came in 17 pieces, not 1')
  expect(sign(slicer('downstream'), {})).toBeUndefined()
  expect(sign(slicer('upstream'), {})).toContain('a connection went through it')
})

it('delays requests without a bound: as many pauses as they have pieces', () => {
  expect(delayBound(slicer('upstream'))).toBe(Number.POSITIVE_INFINITY)
})

it('refuses a variation that leaves no piece', () => {
  expect(problemsOf(slicer('downstream', 500))).toEqual([expect.stringContaining('size_variation must be below average_size')])
})
