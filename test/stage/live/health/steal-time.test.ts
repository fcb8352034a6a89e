import { expect, it } from 'vitest'
import { parseTicks, stolenShare } from '../../../../src/stage/live/health/steal-time.ts'

const stat = (...ticks: number[]): string => `cpu  ${ticks.join(' ')}\ncpu0 1 2 3 4 5 6 7 8 9 10\nintr 5\n`

it('reads what all processors did, and what was stolen from them', () => {
  expect(parseTicks(stat(100, 5, 20, 9000, 40, 1, 2, 30, 0, 0))).toEqual({ busy: 128, stolen: 30 })
})

it.each(['', 'no such thing', 'cpu  1 2 3\n'])('reads nothing out of %j', (text) => expect(parseTicks(text)).toBeUndefined())

it('is a share of the time for which there was work', () => {
  expect(stolenShare({ busy: 100, stolen: 10 }, { busy: 130, stolen: 20 })).toBe(0.25)
  expect(stolenShare({ busy: 100, stolen: 10 }, { busy: 100, stolen: 10 })).toBe(0)
})
