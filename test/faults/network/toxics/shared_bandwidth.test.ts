import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../../../src/kernel/virtual-clock.ts'
import { extendedToxics } from '../../../../src/faults/network/networks.ts'
import { lineUnder } from './line.ts'

describe('shared_bandwidth', () => {
  it('is one limit for two connections', () => {
    const clock = virtualClock()
    const shared = extendedToxics.shared_bandwidth.memory!.start()
    const lines = [0, 1].map((connection) => lineUnder(extendedToxics.shared_bandwidth, { rate: 100 }, { clock, shared, connection }))
    for (const { send } of lines) send('x'.repeat(30_000))
    clock.advance(10_000)
    expect(lines.map(({ out }) => out.text.length)).toEqual([30_000, 30_000])
    expect(Math.max(...lines.map(({ out }) => out.pieces.at(-1)!.at))).toBeCloseTo(600, 5)
  })
})
