import { expect, it } from 'vitest'
import { faults } from '../../../src/faults/builders.ts'
import { answerPlan, wordsOf } from '../planned.ts'

const { disconnect, disconnectMidBody, truncated } = faults

it('resets the connection before the answer, or in its body', () => {
  expect(answerPlan(disconnect('gemini')).cut).toMatchObject({ at: 'before_headers', how: 'reset' })
  expect(answerPlan(disconnectMidBody('gemini', 0.3)).cut).toEqual({ at: 'mid_body', fraction: 0.3, how: 'reset' })
  expect(answerPlan(disconnectMidBody('gemini')).cut).toMatchObject({ fraction: 0.5 })
})

it.each([
  [disconnect('gemini'), 'disconnects before headers'],
  [disconnectMidBody('gemini'), 'disconnects in mid-body'],
])('%j reads as "%s"', (fault, words) => expect(wordsOf(fault)).toBe(words))

it('is seen in place of a later cut, and of an orderly one at the same place', () => {
  expect(answerPlan(truncated('gemini', 0.2), disconnectMidBody('gemini', 0.5)).cut).toMatchObject({ fraction: 0.2, how: 'end' })
  expect(answerPlan(truncated('gemini', 0.5), disconnectMidBody('gemini', 0.5)).cut).toMatchObject({ how: 'reset' })
  expect(answerPlan(truncated('gemini', 0), disconnect('gemini')).cut).toMatchObject({ at: 'before_headers' })
})
