import { expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { type Story, findingOf, ok } from '../../judge/history.ts'
import { mute } from '../measure/mute.ts'
import { flood, single, three } from './stories.ts'

const one = { kind: 'probes_at_most', upstream: 'gemini', most: 1 } satisfies Criterion

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
