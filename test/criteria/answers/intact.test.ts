import { describe, expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { knownCriterion } from '../../../src/criteria/criteria.ts'
import { type Answer, type Story, findingOf, ok, planOf } from '../../judge/history.ts'
import { answer, hex, story } from './bodies.ts'

const intact: Criterion = { kind: 'answers_intact', upstream: 'gemini' }

it('passes bodies that arrive as they were sent', async () => {
  expect(
    await findingOf(
      intact,
      story((index) => answer(index)),
    ),
  ).toMatchObject({
    result: 'pass',
    measured: 0,
    why: expect.stringMatching(/^[\d,]+ good answers had the very body that was sent$/),
  })
})

/** `before`: the request before it that gemini was asked for. */
it.each<[string, (index: number, before: number) => Answer]>([
  ['compresses bodies', (index) => answer(index, { length: 80, checksum: 'ffffffff', plainLength: 300, plainChecksum: hex(index) })],
  ['passes compressed bodies on', (index) => answer(index, { plainLength: 900, plainChecksum: 'ffffffff' })],
  [
    'tries again after an error',
    (index) => ({ ...answer(index), attempts: 2, departures: [{ status: 503, length: 9, checksum: '1' }, ...answer(index).departures!] }),
  ],
  ['shares the answer of another request', (_index, before) => ({ ...answer(before), attempts: 0 })],
  ['answers with an error', (index) => ({ ...answer(index, { length: 20, checksum: '9' }), outcome: 'upstream_error' })],
  ['answers a HEAD', (index) => ({ ...ok, client: { length: 0 }, departures: [{ length: 0 }], method: index > 0 ? 'HEAD' : 'POST' })],
])('passes a gateway that %s', async (_, some) => {
  // Every answer of gemini is known to the fake, whichever request it was for.
  let before: number | undefined
  const all: Story = {
    gemini(_due, index) {
      if (index % 10 === 0 && before !== undefined) return some(index, before)
      before = index
      return answer(index)
    },
    assemblyai: () => ok,
    breaker: [],
    plan: { faults: [] },
  }
  expect(await findingOf(intact, all)).toMatchObject({ result: 'pass' })
})

it.each<[string, (index: number) => Answer, string]>([
  ['cuts bodies', (index) => answer(index, { length: 120, checksum: '1' }), '120 bytes, and 300 were sent'],
  ['drops bodies', (index) => answer(index, { length: 0, checksum: undefined } as object), '0 bytes, and 300 were sent'],
  ['changes bodies', (index) => answer(index, { checksum: 'ffffffff' }), '300 other bytes than were sent'],
  ['writes JSON anew', (index) => answer(index, { length: 290, checksum: 'ffffffff' }), '290 bytes, and 300 were sent'],
  [
    'calls a cut answer whole',
    (index) => answer(index, { length: 150 }, { length: 150, brokenOff: true, whole: false }),
    "150 bytes, where the upstream's answer broke off",
  ],
])('fails a gateway that %s', async (_, some, what) => {
  expect(await findingOf(intact, story(some))).toMatchObject({
    result: 'fail',
    cause: 'damaged_body',
    why: expect.stringMatching(new RegExp(`had another body than gemini sent \\(first r7-\\w+ at [\\d.]+ s: ${what}\\)$`)),
  })
})

describe('it cannot tell', () => {
  it('why bodies differ from all that were sent, and does not excuse it with request ids that are missing', async () => {
    const changed = (index: number): Answer => ({ ...answer(index, { checksum: 'ffffffff' }), anonymous: true, latencyMs: 300 })
    const foreign: Story = { ...story(changed, 1), perSecond: 200, plan: { faults: [], gateway: { ...planOf().gateway, expects: {} } } }
    const { result, severity } = await findingOf(intact, foreign)
    expect(result).not.toBe('pass')
    expect(severity).toBe('error')
  })

  it('that bodies which nobody sent are few', async () => {
    const made = (index: number): Answer => ({ ...answer(index, { checksum: 'eeeeeeee' }), attempts: 0 })
    expect(await findingOf(intact, story(made, 50))).toMatchObject({
      result: 'inconclusive',
      cause: 'too_few_samples',
      why: expect.stringContaining('a body that gemini sent to nobody'),
    })
  })

  it('where nothing was answered well', async () => {
    const failing: Story = { gemini: () => ({ ...ok, outcome: 'upstream_error' }), breaker: [], plan: { faults: [] } }
    expect(await findingOf(intact, failing)).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
  })

  it('what an unknown answer stands on', async () => {
    const made = (index: number): Answer => ({ ...answer(index, { checksum: 'eeeeeeee' }), attempts: 0 })
    expect(await findingOf(intact, story(made, 1))).toMatchObject({
      result: 'inconclusive',
      cause: 'no_samples',
      why: expect.stringContaining('x-request-id'),
    })
  })

  it('of an upstream that answers no route alone, and says so before the run', () => {
    const { load } = planOf()
    const both = load.mix.map((route) => ({ ...route, reaches: [{ upstream: 'gemini' }, { upstream: 'assemblyai' }] }))
    expect(knownCriterion(intact).check(planOf([], { load: { ...load, mix: both } }))).toEqual([
      { at: 'upstream', message: 'no route is answered by gemini alone, so no body is its own' },
    ])
    expect(knownCriterion(intact).check(planOf())).toEqual([])
  })
})
