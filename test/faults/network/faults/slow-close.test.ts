import { expect, it } from 'vitest'
import { toxic } from '../../../../src/faults/network/network-fault.ts'
import { sign } from '../../planned.ts'

const slowClose = (stream: 'upstream' | 'downstream') => toxic('gemini', 'slow_close', { delay: 150 }, { stream })

it('is seen by a late end of the answer', () => {
  expect(sign(slowClose('downstream'), { endMs: 80 })).toBe('the close took 80 ms, not 3 ms')
  expect(sign(slowClose('downstream'), { endMs: 70 })).toBeUndefined()
})

it('can only be seen to be on a connection when it is on the way to the upstream', () => {
  expect(sign(slowClose('upstream'), {})).toContain('a connection went through it')
})
