import { expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { END, type Story, findingOf, ok } from '../../judge/history.ts'
import { fromOutside, mute } from '../measure/mute.ts'
import { probedAfter, rejectedUntil } from './stories.ts'

const five = { kind: 'recovers_after', upstream: 'gemini', earliestMs: 5000, latestMs: 7000 } satisfies Criterion

it('passes a breaker that is probed when its recovery time is over', async () => {
  expect(await findingOf(five)).toMatchObject({ result: 'pass', measured: 5030, bound: 7000 })
  expect(await findingOf(five, probedAfter(6000))).toMatchObject({ result: 'pass' })
})

it('fails one that is probed too early or too late', async () => {
  expect(await findingOf(five, probedAfter(600))).toMatchObject({ result: 'fail', cause: 'probed_early', measured: 600 })
  expect(await findingOf(five, probedAfter(9000))).toMatchObject({ result: 'fail', cause: 'probed_late', measured: 9000 })
  const stuck: Story = { breaker: [['open', 12_100]], gemini: rejectedUntil(END) }
  expect(await findingOf(five, stuck)).toMatchObject({ result: 'fail', cause: 'never_half_open' })
})

it('says the same from traffic alone', async () => {
  expect(await findingOf(five, mute({ gemini: fromOutside, perSecond: 200 }))).toMatchObject({ result: 'pass' })
  expect(await findingOf(five, mute(probedAfter(2000)))).toMatchObject({ result: 'fail', cause: 'probed_early' })
  expect(await findingOf(five, mute(probedAfter(9000)))).toMatchObject({ result: 'fail', cause: 'probed_late' })
})

it('blames no breaker that no request came to probe', async () => {
  const story: Story = {
    breaker: [
      ['open', 12_100],
      ['half_open', 30_000],
      ['closed', 30_060],
    ],
    gemini: (dueMs) => (dueMs >= 14_000 && dueMs < 30_000 ? 'not sent' : rejectedUntil(30_000)(dueMs)),
  }
  expect(await findingOf(five, story)).not.toMatchObject({ result: 'fail' })
})

it('has no opinion on a breaker that never opened', async () => {
  expect(await findingOf(five, { gemini: () => ok, breaker: [], plan: { faults: [] } })).toMatchObject({
    result: 'inconclusive',
    cause: 'no_samples',
  })
})
