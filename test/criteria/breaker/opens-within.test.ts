import { expect, it } from 'vitest'
import { type Story, failing, findingOf, ok, outage, planOf, rejected } from '../../judge/history.ts'
import { health } from '../../judge/criteria.ts'
import { upstreamPolicies } from '../../../src/policies/settings.ts'
import { neverOpens, opens } from './stories.ts'

const quick = upstreamPolicies.parse({ timeout: { attempt: '1s' }, breaker: { failures: 5, recovery: '5s' } })

it('measures from the acknowledgement of the fault to the opening', async () => {
  // Acknowledged at 12.005 s, opened at 12.1 s.
  expect(await findingOf(opens)).toMatchObject({
    result: 'pass',
    bound: 1000,
    unit: 'ms',
    measured: 95,
    margin: 0.905,
    why: 'opened after 95 ms, promised 1 s',
  })
})

it('tells a breaker that never opened, with the requests that should have opened it', async () => {
  expect(await findingOf(opens, neverOpens)).toMatchObject({
    result: 'fail',
    cause: 'never_opened',
    measured: null,
    why: expect.stringMatching(/^never opened, though the fault bit at 12\.\d s and \d+ requests followed; promised within 1 s$/),
  })
})

it('tells a breaker that opens late', async () => {
  const story: Story = {
    breaker: [
      ['open', 14_502],
      ['half_open', 22_100],
      ['closed', 22_200],
    ],
  }
  const finding = await findingOf(opens, story)
  expect(finding).toMatchObject({ result: 'fail', cause: 'opened_late' })
  expect(finding.measured).toBe(2497)
})

it('tells a breaker that was open before the fault began', async () => {
  const story: Story = {
    breaker: [
      ['open', 9000],
      ['half_open', 22_100],
      ['closed', 22_200],
    ],
  }
  expect(await findingOf(opens, story)).toMatchObject({
    result: 'fail',
    cause: 'unexpected_transition',
    why: 'was open already when the fault began: since 9 s',
  })
})

it('cannot tell who opened a breaker before the fault, where the harness stood still as long as an attempt may take', async () => {
  const story = (loopDelayMax: number, openedMs = 9000): Story => ({
    breaker: [
      ['open', openedMs],
      ['half_open', 22_100],
      ['closed', 22_200],
    ],
    plan: { gateway: { upstreams: { gemini: quick, assemblyai: quick } } },
    also: [health(8500, 'toxiproxy', loopDelayMax)],
  })
  expect(await findingOf(opens, story(900))).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
  expect(await findingOf(opens, story(110))).toMatchObject({ result: 'fail', cause: 'unexpected_transition' })
  // Long after the stall, and long before it.
  expect(await findingOf(opens, story(900, 10_500))).toMatchObject({ result: 'fail', cause: 'unexpected_transition' })
  expect(await findingOf(opens, story(900, 3000))).toMatchObject({ result: 'fail', cause: 'unexpected_transition' })
})

it('forgives no opening that is late for a sign of the fault that came later still', async () => {
  const toxic = { type: 'reset_peer', attributes: { timeout: 0 } } as const
  const fault = { made: 'network', is: 'toxic', toxic, stream: 'downstream', toxicity: 1 } as const
  const story: Story = {
    breaker: [
      ['open', 13_100],
      ['half_open', 22_100],
      ['closed', 22_200],
    ],
    plan: { faults: [{ ...outage, fault }] },
    also: [{ type: 'fault', t: 12_400, fault: 'F1', edge: 'bite' }],
  }
  expect(await findingOf(opens, story)).toMatchObject({ result: 'fail', cause: 'opened_late', measured: 1095 })
  expect(await findingOf(opens, { ...story, also: [], faultSeen: false })).toMatchObject({
    result: 'inconclusive',
    cause: 'fault_never_bit',
  })
})

it('blames no breaker that an earlier fault on its upstream had opened', async () => {
  const earlier = { ...outage, id: 'F0', phase: 'steady', startMs: 8000, endMs: 10_000 }
  const story = (openMs: number): Story => ({
    gemini: (dueMs) => (dueMs < 8000 || dueMs >= 22_300 ? ok : dueMs < openMs || (dueMs >= 14_000 && dueMs < 14_100) ? failing : rejected),
    breaker: [
      ['open', openMs],
      ['half_open', 14_000],
      ['open', 14_100],
      ['half_open', 22_150],
      ['closed', 22_300],
    ],
    plan: { faults: [earlier, outage] },
  })
  expect(await findingOf(opens, story(8500))).toMatchObject({
    result: 'inconclusive',
    cause: 'no_samples',
    why: 'was open already when the fault began, since 8.5 s: an earlier fault on gemini may have opened it',
  })
  // A breaker may open when the last call that the fault held up ends.
  expect(await findingOf(opens, story(10_500))).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
  const before = { ...earlier, startMs: 9500 }
  expect(await findingOf(opens, { ...story(8500), plan: { faults: [before, outage] } })).toMatchObject({
    result: 'fail',
    cause: 'unexpected_transition',
  })
  // For the probes of a claim a breaker as it was promised does not open; of another nobody knows how it counts.
  const phases = planOf().phases.map((phase) => (phase.name === 'steady' ? Object.assign({}, phase, { probes: true }) : phase))
  const probed = (gateway: NonNullable<NonNullable<Story['plan']>['gateway']>): Story => ({
    ...story(8500),
    plan: { faults: [earlier, outage], phases, gateway },
  })
  expect(await findingOf(opens, probed({ upstreams: { gemini: quick, assemblyai: quick } }))).toMatchObject({
    result: 'fail',
    cause: 'unexpected_transition',
  })
  expect(await findingOf(opens, probed({ upstreams: { gemini: quick, assemblyai: quick }, expects: {} }))).toMatchObject({
    result: 'inconclusive',
    cause: 'no_samples',
  })
})
