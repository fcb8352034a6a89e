import { describe, expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { knownCriterion } from '../../../src/criteria/criteria.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { type Answer, type Story, findingOf, ok, planOf } from '../../judge/history.ts'

const apart: Criterion = { kind: 'identities_kept_apart' }
const names = ['ada', 'bob'] as const

const { load } = planOf([], {}, 40)
const two: Partial<Plan> = {
  faults: [],
  load: {
    ...load,
    mix: load.mix.map((route) => Object.assign({}, route, { identities: names.map((name) => ({ name, headers: { 'x-api-key': name } })) })),
  },
}

const hex = (value: number): string => value.toString(16).padStart(8, '0')
const bodyOf = (of: number) => ({ length: 300, checksum: hex(of) })
const who = (index: number): string => names[Math.floor(index / 7) % 2]!

/** Request `index`, of its own identity, gets the body of request `of`; gemini is asked when it is its own. */
const gets = (index: number, of: number, change: Partial<Answer> = {}): Answer => ({
  ...ok,
  attempts: of === index ? 1 : 0,
  client: { identity: who(index), ...bodyOf(of) },
  departures: [bodyOf(of)],
  ...change,
})

const story = (gemini: (index: number) => Answer): Story => ({
  gemini: (_, index) => gemini(index),
  assemblyai: () => ({ ...ok, client: { length: 3, checksum: '1', identity: 'ada' }, departures: [{ length: 3, checksum: '1' }] }),
  breaker: [],
  plan: two,
})

/** The nearest earlier request of the same identity, or of the other one, that asked gemini itself: those are the odd ones. */
function earlier(index: number, same: boolean, asked: Set<number>): number {
  for (let at = index - 1; at > 0; at--) if (asked.has(at) && (who(at) === who(index)) === same) return at
  return index
}

/** Every fourth request gets a kept answer. */
function keeping(same: boolean, change: Partial<Answer> = {}): Story {
  const asked = new Set<number>()
  let count = 0
  return story((index) => {
    if (count++ % 4 !== 3) {
      asked.add(index)
      return gets(index, index)
    }
    const of = earlier(index, same, asked)
    if (of === index) asked.add(index)
    return gets(index, of, of === index ? {} : change)
  })
}

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
