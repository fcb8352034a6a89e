import { expect, it } from 'vitest'
import { faults } from '../../../src/faults/builders.ts'
import { answerPlan, problemsOf, wordsOf } from '../planned.ts'

const { cutStream } = faults

it('ends the stream as if it were complete', () => {
  expect(answerPlan(cutStream('gemini', 0.25)).cut).toEqual({ at: 'between_pieces', fraction: 0.25, how: 'complete' })
  expect(wordsOf(cutStream('gemini', 0.25, { every: 2 }))).toBe('ends the stream after 25 % of it, 1 request in 2')
})

it('refuses more than the stream', () => {
  expect(problemsOf(cutStream('gemini', -1))).toEqual([expect.stringMatching(/^faults\[0\]\.fraction: .*got -1$/)])
})
