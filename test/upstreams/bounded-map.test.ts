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
