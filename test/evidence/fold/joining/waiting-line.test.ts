import fc from 'fast-check'
import { expect, it } from 'vitest'
import { WaitingLine } from '../../../../src/evidence/fold/joining/waiting-line.ts'

it('serves each in the order in which they joined, however many wait meanwhile', () => {
  const steps = fc.array(fc.record({ joining: fc.nat(100), leaving: fc.nat(100) }), { maxLength: 40 })
  fc.assert(
    fc.property(steps, (all) => {
      const line = new WaitingLine<{ number: number }>()
      const expected: { number: number }[] = []
      let number = 0
      for (const { joining, leaving } of all) {
        for (let count = 0; count < joining; count++) {
          const each = { number: number++ }
          line.join(each)
          expected.push(each)
        }
        for (let count = 0; count < leaving && expected.length > 0; count++) {
          expect(line.first).toBe(expected.shift())
          line.leave()
        }
        expect(line.first).toBe(expected[0])
      }
    }),
  )
})
