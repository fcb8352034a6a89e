import { describe, expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { knownCriterion } from '../../../src/criteria/criteria.ts'
import { type Answer, type Story, findingOf, planOf } from '../../judge/history.ts'
import { bodyOf, gets, keeping, story, two, who } from './owners.ts'

const apart: Criterion = { kind: 'identities_kept_apart' }
it('passes a gateway that keeps answers for each identity', async () => {
  expect(await findingOf(apart, keeping(true))).toMatchObject({
    result: 'pass',
    why: expect.stringMatching(/went to whom they were meant for$/),
  })
})

it('fails a cache that does not tell clients apart', async () => {
  expect(await findingOf(apart, keeping(false))).toMatchObject({
    result: 'fail',
    cause: 'leaked_answer',
    why: expect.stringMatching(
      /had been given to another identity \(first r7-\w+ at [\d.]+ s: (ada got an answer that bob|bob got an answer that ada) had been sent\)$/,
    ),
  })
})

it('fails a fallback of another identity', async () => {
  expect(await findingOf(apart, keeping(false, { outcome: 'fallback' }))).toMatchObject({ result: 'fail', cause: 'leaked_answer' })
})

it('fails a mix-up of two answers under way', async () => {
  const asked: number[] = []
  const mixed = story((index) => {
    asked.push(index)
    const before = asked.at(-2)
    const swapped = before !== undefined && who(before) !== who(index)
    return { ...gets(index, index), client: { identity: who(index), ...bodyOf(swapped ? before : index) } }
  })
  expect(await findingOf(apart, mixed)).toMatchObject({ result: 'fail', cause: 'leaked_answer' })
})

describe('it cannot tell', () => {
  it("of a kept answer that was written anew, which may be another one's", async () => {
    const anew = keeping(false, {})
    const changed: Story = {
      ...anew,
      gemini(dueMs, index) {
        const answer = anew.gemini!(dueMs, index) as Answer
        return answer.attempts > 0 ? answer : { ...answer, client: { ...answer.client, length: 280, checksum: 'ffffffff' } }
      },
    }
    expect(await findingOf(apart, changed)).toMatchObject({
      result: 'inconclusive',
      cause: 'too_few_samples',
      why: expect.stringContaining('a body that no upstream sent, so nobody knows whose'),
    })
  })

  it('where the same body is sent to all', async () => {
    const alike = (index: number): Answer => ({
      ...gets(index, 1),
      attempts: index % 9 === 0 ? 1 : 0,
    })
    expect(await findingOf(apart, { ...story(alike), assemblyai: () => 'not sent' })).toMatchObject({
      result: 'inconclusive',
      why: expect.stringContaining('whose answers differ'),
    })
  })

  it('whose an answer is without request ids', async () => {
    expect(
      await findingOf(
        apart,
        story((index) => gets(index, index, { anonymous: true })),
      ),
    ).toMatchObject({ result: 'inconclusive' })
  })

  it('with one identity, and says so before the run', () => {
    expect(knownCriterion(apart).check(planOf())).toEqual([{ message: expect.stringContaining('no route of the load has two identities') }])
    expect(knownCriterion(apart).check(planOf([], two))).toEqual([])
  })
})
