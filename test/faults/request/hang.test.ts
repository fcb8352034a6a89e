import { expect, it } from 'vitest'
import { faults } from '../../../src/faults/builders.ts'
import { answerPlan, wordsOf } from '../planned.ts'

const { hang } = faults

it('never answers', () => {
  expect(answerPlan(hang('gemini')).hangs).toBe(true)
  expect(wordsOf(hang('gemini', { first: 3 }))).toBe('never answers, only the first 3 requests')
})
