import { describe, expect, it } from 'vitest'
import { extendedToxics } from '../../../../src/faults/network/networks.ts'
import { lineUnder } from './line.ts'

describe('limit_time', () => {
  it('ends a connection at its age while data flows', () => {
    const { clock, out, send } = lineUnder(extendedToxics.limit_time, { time: 100 })
    for (let round = 0; round < 20; round++) {
      send('x')
      clock.advance(10)
    }
    expect(out.ended).toBe(true)
    expect(out.text).toBe('x'.repeat(10))
  })
})
