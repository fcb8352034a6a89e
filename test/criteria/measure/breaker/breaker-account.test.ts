import { expect, it } from 'vitest'
import type { Fault } from '../../../../src/faults/fault.ts'
import { type Story, findingOf, healthyBreaker, ok, outage, verdictOf } from '../../../judge/history.ts'
import { closes, goes, opens, stays } from '../../breaker/stories.ts'
import { fromOutside, mute } from '../mute.ts'

it('decides nothing about a breaker without its events when answers came from elsewhere unmarked', async () => {
  const cached = mute({ gemini: (dueMs) => (fromOutside(dueMs).outcome === 'rejected' ? { ...ok, attempts: 0 } : fromOutside(dueMs)) })
  for (const criterion of [goes, opens, closes, stays])
    expect(await findingOf(criterion, cached)).toMatchObject({
      result: 'inconclusive',
      cause: 'no_breaker_events',
      why: expect.stringContaining('traffic alone cannot tell a cache from an open breaker'),
    })
})

const toxic = { type: 'timeout', attributes: { timeout: 0 } } as const

it.each<[string, Fault]>([
  ['the network is down', { made: 'network', is: 'down' }],
  ['the network swallows requests', { made: 'network', is: 'toxic', toxic, stream: 'upstream', toxicity: 1 }],
  ['the gateway is dead', { made: 'process', role: 'gateway', fault: { is: 'killed' } }],
])('decides nothing about a breaker without its events when %s: no request would arrive either', async (_what, fault) => {
  const down = mute({ plan: { faults: [{ ...outage, fault }] }, also: [{ type: 'fault', t: 12_050, fault: 'F1', edge: 'bite' }] })
  for (const criterion of [goes, opens, closes, stays])
    expect(await findingOf(criterion, down)).toMatchObject({ result: 'inconclusive', cause: 'no_breaker_events' })
})

it('infers a breaker through a network fault that takes answers alone', async () => {
  const fault: Fault = { made: 'network', is: 'toxic', toxic, stream: 'downstream', toxicity: 1 }
  const story = mute({
    plan: { faults: [{ ...outage, fault }] },
    also: [{ type: 'fault', t: 12_050, fault: 'F1', edge: 'bite' }],
    gemini: fromOutside,
    perSecond: 200,
  })
  expect(await findingOf(goes, story)).toMatchObject({ result: 'pass' })
})

it('decides nothing about breakers when events were lost on the way', async () => {
  const gap = healthyBreaker.filter(([state]) => state !== 'half_open')
  expect(
    await findingOf(goes, { also: [{ type: 'note', t: 100, code: 'events_gap', text: 'events 3 to 4 were not received' }] }),
  ).toMatchObject({
    result: 'inconclusive',
    cause: 'no_breaker_events',
  })
  const story: Story = {
    also: [{ type: 'transition', t: 50_000, upstream: 'gemini', from: 'half_open', to: 'closed', cause: '', sequence: 9 }],
    breaker: gap.slice(0, 1),
  }
  expect(await findingOf(goes, story)).toMatchObject({ result: 'inconclusive', cause: 'no_breaker_events' })
})

it('infers from traffic what an event stream tells unreadably, or not at all', async () => {
  const unreadable: Story = {
    gemini: fromOutside,
    perSecond: 200,
    breaker: [],
    also: [{ type: 'note', t: 12_100, code: 'events_unreadable', text: 'an event could not be read' }],
  }
  const verdict = await verdictOf([goes, opens, closes], unreadable)
  expect(verdict.findings.map(({ result }) => result)).toEqual(['pass', 'pass', 'pass'])
  expect(verdict.validity.find(({ id }) => id === 'breaker_events')!.sentence).toBe(
    'an event could not be read; 5 transitions were inferred from traffic',
  )
  expect(await findingOf(stays, unreadable)).toMatchObject({ result: 'fail', cause: 'unexpected_transition' })
  const silent: Story = { ...unreadable, also: [] }
  expect(await findingOf(goes, silent)).toMatchObject({ result: 'pass' })
})

it('decides nothing about breakers when events could not be read and a fault keeps requests away', async () => {
  const down: Fault = { made: 'network', is: 'down' }
  const story: Story = {
    breaker: [],
    plan: { faults: [{ ...outage, fault: down }] },
    also: [
      { type: 'fault', t: 12_050, fault: 'F1', edge: 'bite' },
      { type: 'note', t: 12_100, code: 'events_unreadable', text: 'an event could not be read' },
    ],
  }
  for (const criterion of [stays, opens])
    expect(await findingOf(criterion, story)).toMatchObject({ result: 'inconclusive', cause: 'no_breaker_events' })
})

it('decides nothing about a breaker whose events name the upstream otherwise', async () => {
  const other = (upstream: string): Story => ({
    breaker: [],
    also: [{ type: 'transition', t: 12_100, upstream, from: 'closed', to: 'open', cause: '', sequence: 1 }],
  })
  expect(await findingOf(opens, other('Gemini'))).toMatchObject({
    result: 'inconclusive',
    cause: 'no_breaker_events',
    why: expect.stringContaining('the gateway reports breaker events of "Gemini", and none of "gemini"'),
  })
  expect(await findingOf(opens, other('billing'))).toMatchObject({ result: 'fail', cause: 'never_opened' })
})
