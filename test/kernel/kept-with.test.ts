import { expect, it } from 'vitest'
import { KeptWith } from '../../src/kernel/kept-with.ts'

it('keeps a value with an object, where neither a copy of the object nor its JSON has it', () => {
  const sums = new KeptWith<{ a: number; b: number }, number>('sum')
  const pair = { a: 1, b: 2 }
  expect(sums.get(pair)).toBeUndefined()
  sums.set(pair, 3)
  expect(sums.get(pair)).toBe(3)
  sums.set(pair, 4)
  expect(sums.get(pair)).toBe(4)
  expect(sums.get({ ...pair })).toBeUndefined()
  expect(JSON.stringify(pair)).toBe('{"a":1,"b":2}')
  expect(structuredClone(pair)).toEqual({ a: 1, b: 2 })
})

it('keeps values of one name apart that different owners keep', () => {
  const [one, other] = [new KeptWith<object, number>('same'), new KeptWith<object, number>('same')]
  const thing = {}
  one.set(thing, 1)
  expect(other.get(thing)).toBeUndefined()
})
