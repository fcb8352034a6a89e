import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../../src/kernel/random.ts'
import { pieceSizes } from '../../../../src/faults/network/toxics/slicer.ts'
import { toxics } from '../../../../src/faults/network/networks.ts'
import { lineUnder } from './line.ts'
import { propertyRuns } from '../../../property-runs.ts'

describe('slicer', () => {
  it('halves until pieces are small enough', () => {
    expect(pieceSizes(60, 10, 0, seededRandom(1))).toEqual([7, 8, 7, 8, 7, 8, 7, 8])
  })

  it('makes 240 to 720 pieces of 480 KB at an average of 1024 ± 512', () => {
    for (let seed = 0; seed < 20; seed++) {
      const count = pieceSizes(480_000, 1024, 512, seededRandom(seed)).length
      expect(count).toBeGreaterThanOrEqual(240)
      expect(count).toBeLessThanOrEqual(720)
    }
  })

  it('adds up to the whole for any attributes, also those that crash the original', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: -5, max: 6000 }),
        fc.integer({ min: -5, max: 6000 }),
        (length, average, variation) => {
          const sizes = pieceSizes(length, average, variation, seededRandom(length))
          expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(length)
          expect(Math.min(...sizes)).toBeGreaterThan(0)
        },
      ),
      { numRuns: propertyRuns(0.1) },
    )
  })

  it('keeps the rate where pieces are finer than a timer', () => {
    const { clock, out, send } = lineUnder(toxics.slicer, { average_size: 1, delay: 10 })
    send('x'.repeat(1000))
    clock.advance(20)
    expect(out.pieces).toHaveLength(1000)
    expect(out.pieces.at(-1)!.at).toBeCloseTo(9.99, 1)
  })
})
