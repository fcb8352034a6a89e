import { expect, it } from 'vitest'
import { faults } from '../../../src/faults/builders.ts'
import { answerPlan, problemsOf, wordsOf } from '../planned.ts'

const { disconnectMidBody, stalledStream, truncated } = faults

it('stops after a share of the events, and holds', () => {
  expect(answerPlan(stalledStream('gemini', 0.25)).cut).toEqual({ at: 'between_pieces', fraction: 0.25, how: 'hold' })
  expect(wordsOf(stalledStream('gemini'))).toBe('stalls after 50 % of the stream')
})

it('gives way to a cut that comes earlier, or to a reset at the same place', () => {
  expect(answerPlan(stalledStream('gemini', 0.5), truncated('gemini', 0.25)).cut).toMatchObject({ how: 'end' })
  expect(answerPlan(stalledStream('gemini', 0.5), disconnectMidBody('gemini', 0.5)).cut).toMatchObject({ how: 'reset' })
})

it('refuses more than the stream', () => {
  expect(problemsOf(stalledStream('gemini', 1.5))).toEqual([expect.stringMatching(/^faults\[0\]\.fraction: .*got 1\.5$/)])
})
