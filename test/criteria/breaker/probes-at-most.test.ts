import { expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { type Answer, type Story, failing, findingOf, healthyGemini, ok, rejected } from '../../judge/history.ts'
import { mute } from '../measure/mute.ts'

const one = { kind: 'probes_at_most', upstream: 'gemini', most: 1 } satisfies Criterion

/** The upstream takes its time: half-open from 17.1 s to 17.6 s, and from 22.65 s to 23.15 s. `passes`: which of the requests due then. */
const probed = (passes: (nth: number) => boolean): Story => {
  let [first, second] = [0, 0]
  const probe: Answer = { ...failing, latencyMs: 495, answeredAfterMs: 490 }
  return {
    breaker: [
      ['open', 12_100],
      ['half_open', 17_100],
      ['open', 17_600],
      ['half_open', 22_650],
      ['closed', 23_150],
    ],
    gemini(dueMs) {
      if (dueMs >= 17_100 && dueMs < 17_600) return passes(first++) ? probe : rejected
      if (dueMs >= 22_650 && dueMs < 23_150) return passes(second++) ? { ...probe, outcome: 'ok', answered: 200 } : rejected
      return dueMs >= 22_300 && dueMs < 22_650 ? rejected : healthyGemini(dueMs)
    },
    perSecond: 200,
  }
}
// Each story counts its own requests.
const single = () => probed((nth) => nth === 0)
const flood = () => probed(() => true)
const three = () => probed((nth) => nth < 3)

it('passes a half-open breaker that lets one request pass at a time', async () => {
  expect(await findingOf(one, single())).toMatchObject({ result: 'pass', measured: 1 })
  expect(await findingOf({ ...one, most: 3 }, three())).toMatchObject({ result: 'pass', measured: 3 })
})

it('fails one that lets more pass, or all', async () => {
  expect(await findingOf(one, three())).toMatchObject({ result: 'fail', cause: 'too_many_probes', measured: 3 })
  const finding = await findingOf({ ...one, most: 3 }, flood())
  expect(finding).toMatchObject({ result: 'fail', cause: 'too_many_probes' })
  expect(finding.measured).toBeGreaterThan(40)
})

it('says the same from traffic alone', async () => {
  expect(await findingOf(one, mute(single()))).toMatchObject({ result: 'pass', measured: 1 })
  expect(await findingOf(one, mute(flood()))).toMatchObject({ result: 'fail', cause: 'too_many_probes' })
})

it('is not sure where no second request came before the first was answered', async () => {
  const atOnce: Story = {
    breaker: [
      ['open', 12_100],
      ['half_open', 22_301],
      ['closed', 22_310],
    ],
  }
  expect(await findingOf(one, atOnce)).toMatchObject({ result: 'inconclusive', cause: 'too_few_samples' })
  expect(await findingOf(one, { gemini: () => ok, breaker: [], plan: { faults: [] } })).toMatchObject({
    result: 'inconclusive',
    cause: 'no_samples',
  })
})
