import { expect, it } from 'vitest'
import { faults } from '../../../src/faults/builders.ts'
import { answerPlan, problemsOf, wordsOf } from '../planned.ts'

const { truncated } = faults

it('ends the body in an orderly way, too early', () => {
  expect(answerPlan(truncated('gemini', 0.25)).cut).toEqual({ at: 'mid_body', fraction: 0.25, how: 'end' })
  expect(wordsOf(truncated('gemini'))).toBe('sends 50 % of the body')
})

it('refuses more than the body', () => {
  expect(problemsOf(truncated('gemini', 1.5))).toEqual([expect.stringMatching(/^faults\[0\]\.fraction: .*got 1\.5$/)])
})
