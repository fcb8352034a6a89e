import { describe, expect, it } from 'vitest'
import { extendedToxics } from '../../../../src/faults/network/networks.ts'
import { lineUnder } from './line.ts'

describe('jitter', () => {
  it.each(['uniform', 'normal', 'pareto', 'log_normal'])('has the mean and the deviation that it is given (%s)', (distribution) => {
    const { clock, out, send } = lineUnder(extendedToxics.jitter, { latency: 1000, jitter: 100, distribution })
    const delays: number[] = []
    for (let round = 0; round < 4000; round++) {
      const began = clock.now()
      send('x')
      clock.advance(20_000)
      delays.push(out.pieces.at(-1)!.at - began)
    }
    const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length
    const deviation = Math.sqrt(delays.reduce((sum, delay) => sum + (delay - mean) ** 2, 0) / delays.length)
    expect(mean).toBeGreaterThan(990)
    expect(mean).toBeLessThan(1010)
    // A heavy tail shows its variance slowly.
    expect(deviation).toBeGreaterThan(75)
    expect(deviation).toBeLessThan(130)
  })
})
