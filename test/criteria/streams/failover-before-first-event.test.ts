import { expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { type Answer, findingOf } from '../../judge/history.ts'
import { all, cutAfterTwo, gotTwo, plain, some, streamed } from './stories.ts'

const failover: Criterion = { kind: 'failover_before_first_event', upstream: 'gemini' }
const given: Answer = streamed({ ...gotTwo, outcome: 'connection_error', streamCut: true }, cutAfterTwo)

/** Attempts arrive 2 ms apart, from 2 ms on: the client's first event is there at `firstEventMs`. */
const twice = (firstEventMs: number): Answer => streamed({ events: 5, eventsChecksum: '000000ab', firstEventMs }, cutAfterTwo, {})

it('passes where streams broke and none was begun anew', async () => {
  expect(await findingOf(failover, some(given))).toMatchObject({
    result: 'pass',
    why: expect.stringMatching(/^\d+ streams broke after the first event/),
  })
})

it('passes a gateway that asks again before the first event', async () => {
  const early = streamed({ firstEventMs: 30 }, { status: 503, whole: true, events: 0 }, {})
  expect(await findingOf(failover, { ...some(given), gemini: (_, index) => (index % 4 === 0 ? early : given) })).toMatchObject({
    result: 'pass',
  })
})

it('fails a gateway that asks again after the first event', async () => {
  expect(await findingOf(failover, some(twice(3)))).toMatchObject({
    result: 'fail',
    cause: 'broken_stream',
    why: expect.stringMatching(/were begun anew after their first event \(first r7-\w+ at /),
  })
})

it('cannot tell without streams, and without one that broke', async () => {
  expect(await findingOf(failover, plain)).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
  expect(await findingOf(failover, all(streamed()))).toMatchObject({
    result: 'inconclusive',
    why: expect.stringContaining('faults.cutStream'),
  })
})

it('cannot tell where attempts carry no id', async () => {
  expect(
    await findingOf(failover, {
      gemini: (_, index) => (index % 50 ? { ...given, anonymous: true } : given),
      breaker: [],
      plan: { faults: [] },
    }),
  ).toMatchObject({
    result: 'inconclusive',
    why: expect.stringContaining('x-request-id'),
  })
})
