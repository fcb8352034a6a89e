import { expect, it } from 'vitest'
import { longestWait, parseWait } from '../../../../src/stage/live/health/processor-wait.ts'

it('reads how long a thread has waited for a processor', () => {
  expect(parseWait('911160690 78481394 131\n')).toBeCloseTo(78.48)
  expect(parseWait('0 0 0\n')).toBe(0)
  expect(parseWait('')).toBeUndefined()
})

it('takes the thread that waited longest, and no sum of all', () => {
  const before = new Map([
    ['1', 500],
    ['2', 40],
  ])
  const after = new Map([
    ['1', 510],
    ['2', 340],
    ['3', 290],
  ])
  expect(longestWait(before, after)).toBe(300)
  expect(longestWait(before, before)).toBe(0)
})

it('knows nothing where the kernel tells nothing', () => {
  expect(longestWait(new Map(), new Map())).toBeUndefined()
})
