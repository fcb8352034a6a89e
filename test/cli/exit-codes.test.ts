import { expect, it } from 'vitest'
import { errorTable } from '../../src/kernel/errors.ts'
import { exitCodeOfError, exitCodeOfRepeats, worst } from '../../src/cli/exit-codes.ts'

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

it.each([
  // A repeat that fails is a failure, whatever the others and all together say.
  [[0, 1, 0], 'pass', 1],
  [[2, 2], 'fail', 1],
  // All together decide what one alone does not.
  [[2, 0, 2], 'pass', 0],
  [[0, 0], 'pass', 0],
  [[0, 2], 'inconclusive', 2],
  [[0, 0], 'inconclusive', 2],
  [[0, 0, 69], 'pass', 69],
  [[2, 143], 'pass', 143],
] as const)('of repeats that end in %j, and together %s: %i', (codes, merged, expected) => {
  expect(exitCodeOfRepeats(codes, merged)).toBe(expected)
})
