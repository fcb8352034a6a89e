import { expect, it } from 'vitest'
import type { Result } from '../../src/criteria/finding/raw-finding.ts'
import type { Verdict } from '../../src/judge/verdict.ts'
import { GatecrashError, errorTable } from '../../src/kernel/errors.ts'
import { type Series, type SeriesRun, resultOf } from '../../src/run/series.ts'
import { evidence, record } from '../report/reference-run.ts'
import { verdict } from '../report/verdicts.ts'
import { decided, exitCodeOfError, exitCodeOfSeries, worst } from '../../src/cli/exit-codes.ts'

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

/** A run that ends with this code: a verdict, a run that could not be played, or one that was not begun. */
function ending(code: 0 | 1 | 2 | 69 | 'not begun'): SeriesRun {
  if (code === 'not begun') return { is: 'not_begun', seed: 42, why: 'the command was ended' }
  if (code === 69) return { is: 'not_played', seed: 42, folder: 'f', error: new GatecrashError('port_taken', 'taken') }
  return { is: 'judged', seed: 42, folder: 'f', reportPath: 'r', record, evidence: evidence(), verdict: saying(results[code]) }
}

const results = ['pass', 'fail', 'inconclusive'] as const
const saying = (result: Result): Verdict => ({ ...verdict([]), result })

it.each([
  // A repeat that fails is a failure, whatever the others and all together say.
  [[0, 1, 0], 'pass', 1, 'fail'],
  [[2, 2], 'fail', 1, 'fail'],
  // All together decide what one alone does not.
  [[2, 0, 2], 'pass', 0, 'pass'],
  [[0, 0], 'pass', 0, 'pass'],
  [[0, 2], 'inconclusive', 2, 'inconclusive'],
  [[0, 0], 'inconclusive', 2, 'inconclusive'],
  [[0, 0, 69], 'pass', 69, 'not_played'],
  [[1], undefined, 1, 'fail'],
  [[0, 'not begun'], undefined, 0, 'pass'],
  [['not begun'], undefined, 0, 'not_begun'],
] as const)('of runs that end in %j, and together %s: %i, %s', (codes, together, expected, result) => {
  const series: Series = {
    scenario: 'gemini-outage',
    runs: codes.map((code) => ending(code)),
    ...(together && { together: { verdict: saying(together), path: 'p' } }),
  }
  expect(exitCodeOfSeries(series)).toBe(expected)
  expect(resultOf(series)).toBe(result)
})

it.each([
  [2, undefined, 2],
  [2, 'pass', 0],
  [2, 'fail', 1],
  [1, 'pass', 1],
  [0, 'fail', 0],
  [69, 'pass', 69],
  [130, 'pass', 130],
] as const)('%i with --inconclusive %s is %i', (code, inconclusive, expected) => {
  expect(decided(code, inconclusive)).toBe(expected)
})
