import { expect, it } from 'vitest'
import { NumberCounts } from '../../../../src/evidence/fold/counting/number-counts.ts'
import { seededRandom } from '../../../../src/kernel/random.ts'

it('counts how often each number was met, in the order of the numbers', () => {
  expect(counted([7, 3, 7, 0, 7])).toEqual([
    [0, 1],
    [3, 1],
    [7, 3],
  ])
  expect(counted([])).toEqual([])
})

it('counts the same of many as a map does', () => {
  const random = seededRandom(1)
  const numbers = Array.from({ length: 50_000 }, () => random.integer(random.integer(20_000) + 1))
  const counts = new Map<number, number>()
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
  expect(counted(numbers)).toEqual([...counts].toSorted(([a], [b]) => a - b))
})

it('takes numbers up to 32 bits', () => {
  expect(counted([2 ** 32 - 1, 2 ** 31, 2 ** 32 - 1])).toEqual([
    [2 ** 31, 1],
    [2 ** 32 - 1, 2],
  ])
})

it('counts on after it was asked for a result', () => {
  const counts = new NumberCounts()
  for (const number of [5, 1, 5]) counts.add(number)
  expect(pairsOf(counts)).toEqual([
    [1, 1],
    [5, 2],
  ])
  for (const number of [0, 5, 9, 3]) counts.add(number)
  expect(pairsOf(counts)).toEqual([
    [0, 1],
    [1, 1],
    [3, 1],
    [5, 3],
    [9, 1],
  ])
})

function counted(numbers: readonly number[]): [number, number][] {
  const counts = new NumberCounts()
  for (const number of numbers) counts.add(number)
  return pairsOf(counts)
}

function pairsOf(of: NumberCounts): [number, number][] {
  const { numbers, counts } = of.result()
  expect(counts.length).toBe(numbers.length)
  return Array.from(numbers, (number, at) => [number, counts[at]!])
}
