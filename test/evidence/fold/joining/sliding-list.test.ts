import fc from 'fast-check'
import { expect, it } from 'vitest'
import { OVER, SlidingList } from '../../../../src/evidence/fold/joining/sliding-list.ts'

interface Thing {
  ordinal: number
}

it('tells what was set, what is over and what was never used, in whatever order they come and end', () => {
  const steps = fc.array(fc.record({ ordinal: fc.integer({ min: 0, max: 200 }), ends: fc.boolean() }), { maxLength: 600 })
  fc.assert(
    fc.property(steps, (all) => {
      const list = new SlidingList<Thing>()
      const known = new Map<number, Thing | typeof OVER>()
      for (const { ordinal, ends } of all) {
        const before = known.get(ordinal)
        if (before === undefined) {
          const thing = { ordinal }
          known.set(ordinal, thing)
          list.set(ordinal, thing)
        } else if (ends && before !== OVER) {
          known.set(ordinal, OVER)
          list.end(ordinal)
        }
      }
      for (let ordinal = 0; ordinal < 300; ordinal++) expect(list.get(ordinal)).toBe(known.get(ordinal))
      const left = [...known.values()].filter((value) => value !== OVER)
      expect([...list.values()]).toEqual(left.toSorted((a, b) => a.ordinal - b.ordinal))
    }),
  )
})

it('goes on for ever with few under way', () => {
  const list = new SlidingList<Thing>()
  for (let ordinal = 0; ordinal < 10_000; ordinal++) {
    list.set(ordinal, { ordinal })
    expect(list.get(ordinal + 1)).toBeUndefined()
    if (ordinal < 5) continue
    expect(list.get(ordinal - 5)).toEqual({ ordinal: ordinal - 5 })
    list.end(ordinal - 5)
    expect(list.get(ordinal - 5)).toBe(OVER)
  }
  expect([...list.values()].map(({ ordinal }) => ordinal)).toEqual([9995, 9996, 9997, 9998, 9999])
})

it('takes none that is far from all others', () => {
  const list = new SlidingList<Thing>()
  expect(list.set(262_145, { ordinal: 262_145 })).toBe(false)
  expect(list.get(262_145)).toBeUndefined()
  expect(list.set(262_144, { ordinal: 262_144 })).toBe(true)
  expect(list.set(2 * 262_144 + 1, { ordinal: 2 * 262_144 + 1 })).toBe(true)
})

it('gives up those that were never used when it holds too many for them', () => {
  const list = new SlidingList<Thing>()
  const begin = (ordinal: number): boolean => list.set(ordinal, { ordinal })
  begin(10)
  for (let ordinal = 20; ordinal <= 262_150; ordinal++) begin(ordinal)
  list.end(262_150)
  expect(list.get(0)).toBe(OVER)
  expect(list.get(9)).toBe(OVER)
  expect(list.get(10)).toEqual({ ordinal: 10 })
  expect(list.get(15)).toBeUndefined()
  list.end(10)
  expect(list.get(20)).toEqual({ ordinal: 20 })
  list.end(20)
  expect(list.get(20)).toBe(OVER)
  expect(list.get(21)).toEqual({ ordinal: 21 })
})
