import { expect, it } from 'vitest'
import { faults } from '../../../../src/faults/builders.ts'
import { delayBound, planned, problemsOf, sign } from '../../planned.ts'

const { unsteadyNetwork } = faults

const unsteady = unsteadyNetwork('gemini', { latencyMs: 150, deviationMs: 10, distribution: 'pareto' }, 'upstream')

it('is a jitter toxic with its distribution', () => {
  expect(planned(unsteady)).toMatchObject({ toxic: { type: 'jitter', attributes: { latency: 150, jitter: 10, distribution: 'pareto' } } })
  const unknown = unsteadyNetwork('gemini', { latencyMs: 1, deviationMs: 1, distribution: 'cauchy' as 'pareto' })
  expect(problemsOf(unknown)).toEqual([expect.stringContaining('distribution')])
})

it('is seen by a late first byte', () => {
  expect(sign(unsteady, { firstByteMs: 80 })).toBe('the first byte took 80 ms, not 2 ms')
  expect(sign(unsteady, { firstByteMs: 40 })).toBeUndefined()
})

it('delays requests without a bound: its tail has no end', () => expect(delayBound(unsteady)).toBe(Number.POSITIVE_INFINITY))
