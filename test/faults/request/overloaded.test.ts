import { expect, it } from 'vitest'
import { faults } from '../../../src/faults/builders.ts'
import { answerPlan, problemsOf, wordsOf } from '../planned.ts'

const { overloaded, slowStart } = faults

it('leaves a service so many workers, and so long a queue', () => {
  expect(answerPlan(overloaded('gemini', { workers: 8 })).capacity).toEqual({ workers: 8, queue: 1000, from: 8, overMs: 0 })
  expect(wordsOf(overloaded('gemini', { workers: 8, queue: 20 }))).toBe('works on 8 requests at once, and 20 may wait')
})

it('gives capacity back over a span', () => {
  expect(answerPlan(slowStart('gemini', { workers: 100, from: 5, over: '10s' })).capacity).toEqual({
    workers: 100,
    queue: 1000,
    from: 5,
    overMs: 10_000,
  })
  expect(wordsOf(slowStart('gemini', { workers: 100, queue: 20, over: '10s' }))).toBe(
    'works on 1 request at once, within 10 s on 100, and 20 may wait',
  )
})

it('refuses a service without workers, and a start above its end', () => {
  expect(problemsOf(overloaded('gemini', { workers: 0 }))).toEqual([expect.stringMatching(/^faults\[0\]\.workers: .*got 0$/)])
  expect(problemsOf(slowStart('gemini', { workers: 2, from: 3, over: '1s' }))).toEqual([
    expect.stringContaining('faults[0].from: must not be above workers'),
  ])
})
