import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BoundedMap } from '../../src/upstreams/bounded-map.ts'

it('forgets the oldest of what was added, and never what it was made with', () => {
  const map = new BoundedMap([['first', 0]], 2)
  for (const [at, key] of ['a', 'b', 'c', 'd'].entries()) map.set(key, at)
  expect([...map.keys()]).toEqual(['first', 'c', 'd'])
})

it('counts a key that is set again as the newest', () => {
  const map = new BoundedMap<number>([], 2)
  map.set('a', 1).set('b', 2).set('a', 3).set('c', 4)
  expect([...map]).toEqual([
    ['a', 3],
    ['c', 4],
  ])
})

it('keeps its bound when what it was made with is set again or deleted', () => {
  const map = new BoundedMap([['first', 0]], 1)
  map.set('first', 1).set('a', 1).set('b', 2)
  expect([...map.keys()]).toEqual(['first', 'b'])
  map.delete('first')
  for (let at = 0; at < 10; at++) map.set(`x${at}`, at)
  expect(map.size).toBeLessThanOrEqual(2)
})

it('holds what a plain list of its keys would, whatever is set and deleted', () => {
  const step = fc.record({ key: fc.constantFrom('first', 'second', 'a', 'b', 'c', 'd', 'e', 'f'), isSet: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const lasting = ['first', 'second']
      const map = new BoundedMap<number>(
        lasting.map((key) => [key, 0]),
        3,
      )
      let keys = [...lasting]
      for (const { key, isSet } of steps) {
        if (isSet) {
          map.set(key, 1)
          if (!keys.includes(key)) keys.push(key)
          else if (!lasting.includes(key)) keys = [...keys.filter((each) => each !== key), key]
          const oldest = keys.length > 5 ? keys.find((each) => !lasting.includes(each)) : undefined
          keys = keys.filter((each) => each !== oldest)
        } else {
          map.delete(key)
          keys = keys.filter((each) => each !== key)
        }
        expect([...map.keys()]).toEqual(keys)
      }
    }),
  )
})
