import { describe, expect, it } from 'vitest'
import { toxics } from '../../../../src/faults/network/networks.ts'
import { lineUnder } from './line.ts'

describe('latency', () => {
  it('delays each chunk from when it came, so that spacing is kept', () => {
    const { clock, out, send } = lineUnder(toxics.latency, { latency: 100 })
    for (const text of ['a', 'b', 'c']) {
      send(text)
      clock.advance(10)
    }
    clock.advance(200)
    expect(out.pieces).toEqual([
      { at: 100, text: 'a' },
      { at: 110, text: 'b' },
      { at: 120, text: 'c' },
    ])
  })

  it('never lets a chunk overtake another, whatever the jitter', () => {
    const { clock, out, send } = lineUnder(toxics.latency, { latency: 100, jitter: 100 })
    const sent = Array.from({ length: 50 }, (_, index) => `${index};`)
    for (const text of sent) {
      send(text)
      clock.advance(1)
    }
    clock.advance(1000)
    expect(out.text).toBe(sent.join(''))
  })

  it('draws the same delays again from the same seed', () => {
    const times = (seed: number): number[] => {
      const { clock, out, send } = lineUnder(toxics.latency, { latency: 100, jitter: 50 }, { seed })
      for (let round = 0; round < 20; round++) {
        send('x')
        clock.advance(200)
      }
      return out.pieces.map(({ at }) => at)
    }
    expect(times(7)).toEqual(times(7))
    expect(times(7)).not.toEqual(times(8))
  })
})
