import { describe, expect, it } from 'vitest'
import { extendedToxics } from '../../../../src/faults/network/networks.ts'
import { lineUnder } from './line.ts'

describe('packet_loss', () => {
  it('drops about its share of chunks', () => {
    const { out, send } = lineUnder(extendedToxics.packet_loss, { loss_rate: 0.3 })
    for (let chunk = 0; chunk < 2000; chunk++) send('x')
    expect(out.pieces.length).toBeGreaterThan(1300)
    expect(out.pieces.length).toBeLessThan(1500)
  })

  it('drops everything after the first drop at correlation 1', () => {
    const { out, send } = lineUnder(extendedToxics.packet_loss, { loss_rate: 0.1, correlation: 1 })
    for (let chunk = 0; chunk < 500; chunk++) send(String(chunk % 10))
    const [count] = [out.pieces.length]
    send('later')
    expect(out.pieces).toHaveLength(count)
    expect(count).toBeLessThan(200)
  })
})
