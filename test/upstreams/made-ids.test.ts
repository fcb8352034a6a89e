import fc from 'fast-check'
import { expect, it } from 'vitest'
import { seededRandom } from '../../src/kernel/random.ts'
import { idsOf, uuid } from '../../src/upstreams/made-ids.ts'

const idsFrom = (seed: number, make: (random: ReturnType<typeof seededRandom>) => string, count: number): string[] => {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => make(random))
}

it('makes ids of as many letters as are asked for, of the alphabet alone', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom('01', 'abc', 'abcdefghijklmnopqrstuvwxyz'),
      (seed, length, alphabet) => {
        for (const id of idsFrom(seed, idsOf(alphabet, length), 5)) {
          expect(id).toHaveLength(length)
          for (const letter of id) expect(alphabet).toContain(letter)
        }
      },
    ),
  )
})

it('uses each letter as often as any other, at each place', () => {
  const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
  const ids = idsFrom(1, idsOf(alphabet, 22), 20_000)
  const expected = ids.length / alphabet.length
  for (let at = 0; at < 22; at++) {
    const counts = new Map<string, number>()
    for (const id of ids) counts.set(id[at]!, (counts.get(id[at]!) ?? 0) + 1)
    // Five standard deviations.
    for (const letter of alphabet) expect(Math.abs((counts.get(letter) ?? 0) - expected)).toBeLessThan(5 * Math.sqrt(expected))
  }
  expect(new Set(ids).size).toBe(ids.length)
})

it('makes UUIDs of version 4 in which all other bits are drawn', () => {
  const ids = idsFrom(1, uuid, 2000)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  for (let at = 0; at < 36; at++)
    expect(new Set(ids.map((id) => id[at])).size).toBe(
      '-4'.includes(ids[0]![at]!) && [8, 13, 14, 18, 23].includes(at) ? 1 : at === 19 ? 4 : 16,
    )
  expect(new Set(ids).size).toBe(ids.length)
})

it('makes the same ids from the same seed, and leaves one as it is when the next is made', () => {
  const make = idsOf('abc', 8)
  expect(idsFrom(7, make, 3)).toEqual(idsFrom(7, make, 3))
  expect(idsFrom(7, uuid, 3)).toEqual(idsFrom(7, uuid, 3))
})
