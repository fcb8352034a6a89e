import { expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { foldJournal } from '../../../src/evidence/fold/fold.ts'
import { judge } from '../../../src/judge/judge.ts'
import type { Finding } from '../../../src/judge/verdict.ts'
import { type Answer, type Story, journalOf, ok, planOf } from '../../judge/history.ts'
import { elsewhere, holding } from './holding.ts'

const atMost = (most: number): Criterion => ({ kind: 'concurrency_at_most', upstream: 'gemini', most })

/** The fake's lines in order of time, as it writes them. */
function findingOf(criterion: Criterion, story: Story): Finding {
  const plan = planOf([criterion], story.plan, 40)
  return judge(
    plan,
    foldJournal(
      [...journalOf(story, plan)].toSorted((a, b) => a.t - b.t),
      plan,
    ),
  ).findings[0]!
}

it('passes a bulkhead that was tried and held', () => {
  expect(findingOf(atMost(3), holding(3))).toMatchObject({
    result: 'pass',
    measured: 3,
    bound: 3,
    why: expect.stringMatching(/^never more than 3 requests at once, over \d+ requests$/),
  })
})

it('fails a gateway that lets more through', () => {
  expect(findingOf(atMost(3), holding(5))).toMatchObject({
    result: 'fail',
    cause: 'too_many_at_once',
    measured: 5,
    why: expect.stringMatching(/^5 requests were at gemini at once, for \d+ ms, promised 3$/),
  })
})

it('passes a gateway that hands a place over before the upstream hears of it', () => {
  const brief: Answer = { ...ok, latencyMs: 25, answeredAfterMs: 20 }
  expect(findingOf(atMost(3), holding(3, brief))).toMatchObject({ result: 'pass', measured: 3 })
})

it('cannot tell of a limit that nothing reached', () => {
  expect(findingOf(atMost(10), holding(3))).toMatchObject({
    result: 'inconclusive',
    cause: 'too_few_samples',
    why: expect.stringContaining('too few to try a limit of 10'),
  })
})

it('passes below the limit where the gateway shed the rest', () => {
  expect(findingOf(atMost(4), holding(3, { ...elsewhere, outcome: 'shed' }))).toMatchObject({ result: 'pass' })
})

it('cannot tell where nothing arrived', () => {
  expect(findingOf(atMost(3), holding(0))).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
})
