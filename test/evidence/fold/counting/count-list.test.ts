import { expect, it } from 'vitest'
import { addCounts } from '../../../../src/evidence/fold/counting/count-list.ts'

it('adds lists place by place, whichever is longer, and changes neither', () => {
  const [short, long] = [
    [1, 2],
    [10, 0, 30],
  ]
  expect(addCounts(short, long)).toEqual([11, 2, 30])
  expect(addCounts(long, short)).toEqual([11, 2, 30])
  expect([short, long]).toEqual([
    [1, 2],
    [10, 0, 30],
  ])
  expect(addCounts([], [])).toEqual([])
})
