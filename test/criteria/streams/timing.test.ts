// When events come: the first one, and those after it.
import { describe, expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { type Answer, type Story, findingOf, ok } from '../../judge/history.ts'
import { all, plain, some, streamed } from './stories.ts'

const first: Criterion = { kind: 'first_event_within', upstream: 'gemini', quantile: 0.95, withinMs: 200 }
const gaps: Criterion = { kind: 'gaps_below', upstream: 'gemini', quantile: 0.95, belowMs: 200 }

describe('the first event', () => {
  it('passes within its time, whatever comes later', async () => {
    expect(await findingOf(first, all({ ...streamed({ eventGapMs: 5000 }), latencyMs: 6000 }))).toMatchObject({
      result: 'pass',
      measured: expect.closeTo(30, 0),
    })
  })

  it('fails a gateway that holds the first event back, although its head comes at once', async () => {
    expect(await findingOf(first, all(streamed({ firstByteMs: 5, firstEventMs: 300 })))).toMatchObject({
      result: 'fail',
      cause: 'late_events',
    })
  })

  it('counts from when the request was due', async () => {
    expect(await findingOf(first, all({ ...streamed(), lateMs: 400 }))).toMatchObject({ measured: expect.closeTo(430, 0) })
  })

  it('counts a stream that never had an event, and a request that was given up', async () => {
    const silent: Answer = { ...ok, client: { events: 0 }, departures: [{ events: 0 }] }
    expect(await findingOf(first, some(silent, 4))).toMatchObject({ result: 'fail', cause: 'late_events' })
    const givenUp: Answer = { ...ok, latencyMs: 10_000, outcome: 'client_timeout' }
    expect(await findingOf(first, some(givenUp, 4))).toMatchObject({ result: 'fail', cause: 'late_events' })
  })

  it('counts no request that was given up because the run was stopped', async () => {
    const halted = { ...ok, outcome: 'client_timeout' } as const
    const unanswered: Answer = { ...halted, client: { error: 'halted' } }
    expect(await findingOf(first, some(unanswered, 4))).toMatchObject({ result: 'pass' })
    const silent: Answer = { ...halted, client: { events: 0, error: 'halted', status: 200 }, departures: [{ events: 0 }] }
    expect(await findingOf(first, some(silent, 4))).toMatchObject({ result: 'pass' })
  })

  it('cannot tell of too few, or of none', async () => {
    const few: Story = { ...all(streamed()), perSecond: 1 }
    expect(await findingOf({ ...first, during: ['steady'] }, few)).toMatchObject({
      result: 'inconclusive',
      cause: 'too_few_samples',
    })
    expect(await findingOf(first, plain)).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
  })
})

describe('gaps', () => {
  it('pass where events keep coming', async () => {
    expect(await findingOf(gaps, all(streamed()))).toMatchObject({ result: 'pass', measured: expect.closeTo(10, 0) })
  })

  it('fail where a stalled stream is not given up in time, and bytes that are no events do not help', async () => {
    const stalled = streamed({ gapMs: 50, eventGapMs: 900 })
    expect(await findingOf(gaps, some(stalled, 4))).toMatchObject({ result: 'fail', cause: 'late_events' })
  })

  it('cannot be told without streams', async () => {
    expect(await findingOf(gaps, plain)).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
  })
})
