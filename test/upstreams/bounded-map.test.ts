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

it('finds what was added, whether or not something was looked for before', () => {
  const map = new BoundedMap([['first', 0]], 2)
  map.add('a', 1)
  expect([map.get('first'), map.get('a'), map.get('b'), map.size]).toEqual([0, 1, undefined, 2])
  map.add('b', 2)
  expect([map.has('b'), [...map.values()]]).toEqual([true, [0, 1, 2]])
  map.add('c', 3)
  expect([map.delete('c'), map.delete('c'), [...map.keys()]]).toEqual([true, false, ['first', 'b']])
})

it('holds what a plain list of its keys would, whatever is set, added and deleted', () => {
  const key = fc.constantFrom('first', 'second', 'a', 'b', 'c', 'd', 'e', 'f')
  const step = fc.record({ key, change: fc.constantFrom('set', 'add', 'delete'), isLookedAt: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const lasting = ['first', 'second']
      const map = new BoundedMap<number>(
        lasting.map((each) => [each, 0]),
        3,
      )
      let keys = [...lasting]
      const seen: [got: string[], wanted: string[]][] = []
      for (const { key: changed, change, isLookedAt } of steps) {
        if (change === 'delete') {
          map.delete(changed)
          keys = keys.filter((each) => each !== changed)
        } else {
          if (change === 'set') map.set(changed, 1)
          else if (!keys.includes(changed)) map.add(changed, 1)
          else continue
          if (!keys.includes(changed)) keys = [...keys, changed]
          else if (!lasting.includes(changed)) keys = [...keys.filter((each) => each !== changed), changed]
          const oldest = keys.length > 5 ? keys.find((each) => !lasting.includes(each)) : undefined
          keys = keys.filter((each) => each !== oldest)
        }
        if (isLookedAt) seen.push([[...map.keys()], keys])
      }
      seen.push([[...map.keys()], keys])
      for (const [got, wanted] of seen) expect(got).toEqual(wanted)
    }),
  )
})
