import { expect, it } from 'vitest'
import { faults } from '../../../src/faults/builders.ts'
import { answerPlan, problemsOf, wordsOf } from '../planned.ts'

const { closedAfter } = faults

it('closes a connection after so many answers, the fewest of several', () => {
  expect(answerPlan(closedAfter('gemini', 10), closedAfter('gemini', 3), closedAfter('gemini', 5)).closesAfter).toBe(3)
  expect(wordsOf(closedAfter('gemini', 1))).toBe('closes each connection after 1 answer')
})

it('refuses to close before the first answer', () => {
  expect(problemsOf(closedAfter('gemini', 0))).toEqual([expect.stringMatching(/^faults\[0\]\.answers: .*got 0$/)])
})
