import { expect, it } from 'vitest'
import { errorTable } from '../../src/kernel/errors.ts'
import { exitCodeOfError, worst } from '../../src/cli/exit-codes.ts'

it('gives every error a code of its own kind, never that of a verdict', () => {
  const codes = Object.keys(errorTable).map((code) => exitCodeOfError[code as keyof typeof errorTable])
  expect(codes.length).toBeGreaterThan(0)
  expect(codes.filter((code) => code < 64)).toEqual([])
})

it.each([
  [[0, 0], 0],
  [[0, 2], 2],
  [[2, 1, 0], 1],
  [[1, 65], 65],
  [[65, 69], 69],
  [[69, 70, 1], 70],
  [[], 0],
] as const)('of %j, %i matters most', (codes, expected) => {
  expect(worst(codes)).toBe(expected)
})
