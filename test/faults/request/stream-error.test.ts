import { expect, it } from 'vitest'
import { faults } from '../../../src/faults/builders.ts'
import { answerPlan, problemsOf, wordsOf } from '../planned.ts'

const { streamError } = faults

it('tells the error of a status inside a good answer', () => {
  expect(answerPlan(streamError('gemini', 529, { after: 0.2 })).errorInside).toEqual({ status: 529, fraction: 0.2 })
  expect(answerPlan(streamError('gemini')).errorInside).toEqual({ status: 503, fraction: 0.5 })
  expect(wordsOf(streamError('gemini', 529, { share: 0.1 }))).toBe('tells an error 529 inside a good answer, 10 % of requests')
})

it('refuses a status that is no error', () => {
  expect(problemsOf(streamError('gemini', 200))).toEqual([expect.stringMatching(/^faults\[0\]\.status: .*got 200$/)])
})
