import { describe, expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import type { PlannedFault } from '../../../src/plan/plan.ts'
import { type Answer, findingOf, ok } from '../../judge/history.ts'
import { all, cutAfterTwo, gotTwo, plain, some, streamed } from './stories.ts'

const whole: Criterion = { kind: 'streams_whole', upstream: 'gemini' }
// An error of the upstream is no stream.
// The helper would add them, and a departure knows no `undefined`.
const withoutEvents = { status: 503, events: undefined, eventsChecksum: undefined } as object
const brokenEnd = { outcome: 'connection_error', streamCut: true } as const

it('passes streams that come as they were sent', async () => {
  expect(await findingOf(whole, all(streamed()))).toMatchObject({
    result: 'pass',
    measured: 0,
    why: expect.stringMatching(/streams came as they were sent$/),
  })
})

it.each<[string, Answer]>([
  ['was retried before its first event', streamed({}, { status: 503, events: undefined, eventsChecksum: undefined } as object, {})],
  ['broke off there and here', streamed({ ...gotTwo, ...brokenEnd }, cutAfterTwo)],
  [
    'broke off there and was ended here by an error event',
    streamed({ outcome: 'upstream_error', streamError: 'gone', events: 3, eventsChecksum: '000000ff' }, cutAfterTwo),
  ],
  ['stalled there until the gateway gave it up', streamed({ ...gotTwo, ...brokenEnd }, { ...gotTwo, whole: false, clientGone: true })],
  ['told an error on', streamed({ outcome: 'upstream_error', streamError: 'overloaded' }, { whole: false, streamError: 'overloaded' })],
  [
    'was refused in an event of the gateway',
    { ...streamed({ outcome: 'upstream_error', streamError: 'breaker open', events: 1, eventsChecksum: '1' }), attempts: 0 },
  ],
  [
    'failed before it began, as the gateway says in an event',
    streamed({ outcome: 'upstream_error', streamError: 'unavailable', events: 1, eventsChecksum: '1' }, withoutEvents),
  ],
  ['ended early in good order there', streamed(gotTwo, { ...gotTwo, whole: false })],
])('passes a stream that %s', async (_, answer) => {
  expect(await findingOf(whole, some(answer))).toMatchObject({ result: 'pass', measured: 0 })
})

it.each<[string, Answer, string]>([
  ['lost an event', streamed(gotTwo), 'lost'],
  ['was cut by the gateway', streamed({ ...gotTwo, ...brokenEnd }, { clientGone: true }), 'lost'],
  ['lost its end alone', streamed(brokenEnd), 'lost'],
  [
    'was ended by an error of the gateway',
    streamed({ outcome: 'upstream_error', streamError: 'idle', events: 4, eventsChecksum: '1' }),
    'lost',
  ],
  ['came twice', streamed({ events: 6, eventsChecksum: '000000aa' }), 'repeated'],
  ['was begun anew after two events', streamed({ events: 5, eventsChecksum: '000000ab' }, cutAfterTwo, {}), 'repeated'],
  ['says something else', streamed({ eventsChecksum: '000000ee' }), 'changed'],
  ['ends well in place of breaking off', streamed(gotTwo, cutAfterTwo), 'misended'],
  ['ends well in place of a stall', streamed(gotTwo, { ...gotTwo, whole: false, clientGone: true }), 'misended'],
  ['hides the error that was told inside', streamed(gotTwo, { whole: false, streamError: 'overloaded' }), 'misended'],
  [
    'is held open when it broke off there',
    { ...streamed({ ...gotTwo, outcome: 'client_timeout' }, cutAfterTwo), latencyMs: 10_000 },
    'held',
  ],
  ['is held open when it was all there', { ...streamed({ outcome: 'client_timeout' }), latencyMs: 10_000 }, 'held'],
])('fails a gateway of which a stream %s', async (_, answer, fate) => {
  expect(await findingOf(whole, some(answer, 50))).toMatchObject({
    result: 'fail',
    cause: 'broken_stream',
    why: expect.stringMatching(new RegExp(`came otherwise than they were sent: \\d+ ${fate} \\(first r7-\\w+ at [\\d.]+ s: `)),
  })
})

it('passes a gateway that shares the stream of another request', async () => {
  expect(await findingOf(whole, some({ ...streamed(), attempts: 0 }, 2))).toMatchObject({ result: 'pass' })
})

describe('it cannot tell', () => {
  it.each<[string, Answer]>([
    ['was made up', { ...streamed({ eventsChecksum: '0000dead' }), attempts: 0 }],
    ['was made up for an error', streamed({ eventsChecksum: '0000dead' }, withoutEvents)],
    ['came as no stream at all', { ...ok, departures: streamed().departures! }],
  ])('of a stream that %s, beside many that are whole', async (_, answer) => {
    expect(await findingOf(whole, some(answer, 50))).toMatchObject({
      result: 'inconclusive',
      cause: 'too_few_samples',
      why: expect.stringContaining('what was sent is not known, or what came cannot be read'),
    })
  })

  it('of a stream that was refused, while ids are hidden', async () => {
    const told = { outcome: 'upstream_error', streamError: 'gone', events: 1, eventsChecksum: '1' } as const
    const hidden = { ...streamed(told, withoutEvents), anonymous: true }
    expect(await findingOf(whole, { ...some(hidden), perSecond: 200 })).toMatchObject({ result: 'inconclusive' })
  })

  it('of streams that wait for an end that the network may hold back', async () => {
    const fault: PlannedFault = {
      id: 'F1',
      phase: 'outage',
      startMs: 12_000,
      endMs: 22_000,
      upstream: 'gemini',
      fault: { made: 'network', is: 'toxic', toxic: { type: 'timeout', attributes: { timeout: 0 } }, stream: 'downstream', toxicity: 1 },
    }
    const held = { ...streamed({ outcome: 'client_timeout' }), latencyMs: 10_000 }
    expect(await findingOf(whole, { ...some(held), plan: { faults: [fault] } })).not.toMatchObject({ result: 'fail' })
  })

  it('without streams', async () => {
    expect(await findingOf(whole, plain)).toMatchObject({
      result: 'inconclusive',
      cause: 'no_samples',
      why: expect.stringContaining('add such a route'),
    })
  })

  it('where most streams stand on nothing that was sent', async () => {
    const unknown = { ...streamed({ eventsChecksum: '0000dead' }), attempts: 0 }
    expect(await findingOf(whole, all(unknown))).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
    expect(
      await findingOf(whole, { gemini: (_, index) => (index % 10 === 0 ? streamed() : unknown), breaker: [], plan: { faults: [] } }),
    ).toMatchObject({
      result: 'inconclusive',
      cause: 'too_few_samples',
    })
  })

  it('of a stream that its client left', async () => {
    expect(await findingOf(whole, all(streamed({ ...gotTwo, outcome: 'client_timeout' }, { clientGone: true })))).toMatchObject({
      result: 'inconclusive',
    })
  })

  it('of the events of a run whose load did not look at them', async () => {
    const unlooked: Answer = { ...ok, client: { firstEventMs: 3, events: 3 }, departures: [{ events: 3, eventsChecksum: '01' }] }
    expect(await findingOf(whole, all(unlooked))).toMatchObject({ result: 'inconclusive' })
  })
})
