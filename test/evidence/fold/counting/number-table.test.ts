import fc from 'fast-check'
import { expect, it } from 'vitest'
import { NumberTable } from '../../../../src/evidence/fold/counting/number-table.ts'
import { seededRandom } from '../../../../src/kernel/random.ts'

it('holds what a map would hold, of numbers that want the same places too', () => {
  const number = fc.oneof(
    fc.integer({ min: -4, max: 4 }),
    fc.integer(),
    fc.integer({ min: -50, max: 50 }).map((each) => each << 24),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(number, fc.double({ noNaN: true })), { maxLength: 600 }), fc.array(number), (entries, asked) => {
      const table = new NumberTable()
      for (const [key, t] of entries) table.set(key, t)
      const map = new Map(entries)
      expect(table.size).toBe(map.size)
      for (const key of [...map.keys(), ...asked]) expect(table.get(key)).toBe(map.get(key))
    }),
  )
})

it('finds each of many again', () => {
  const table = new NumberTable()
  const random = seededRandom(1)
  const entries = new Map(Array.from({ length: 20_000 }, (_, t) => [random.integer(2 ** 32) | 0, t]))
  for (const [number, t] of entries) table.set(number, t)
  expect(table.size).toBe(entries.size)
  for (const [number, t] of entries) expect(table.get(number)).toBe(t)
})
