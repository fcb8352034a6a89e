import { describe, expect, it } from 'vitest'
import { toxics } from '../../../../src/faults/network/networks.ts'
import { lineUnder } from './line.ts'

describe('bandwidth', () => {
  it('passes a tenth of a second at a time, then the rest', () => {
    const { clock, out, send } = lineUnder(toxics.bandwidth, { rate: 100 })
    send('x'.repeat(32_768))
    clock.advance(1000)
    expect(out.pieces.map(({ at, text }) => [Math.round(at), text.length])).toEqual([
      [100, 10_000],
      [200, 10_000],
      [300, 10_000],
      [328, 2768],
    ])
  })

  it('does not throttle below rate 0, where the original crashes', () => {
    const { out, send } = lineUnder(toxics.bandwidth, { rate: -1 })
    send('hello')
    send('world')
    expect(out.text).toBe('helloworld')
  })
})
