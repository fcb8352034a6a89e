import { expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import type { JournalEvent } from '../../../src/evidence/events.ts'
import { type Story, findingOf, ok, outage } from '../../judge/history.ts'
import { answered, call, inOutage } from './calls.ts'

const opened: JournalEvent[] = [{ type: 'connection', t: 11_000, upstream: 'gemini', connection: 0, edge: 'opened' }]
const thrice: Criterion = { kind: 'attempts_at_most', upstream: 'gemini', most: 3 }

it('passes a gateway that gives up after so many attempts', async () => {
  expect(await findingOf(thrice, inOutage(call(answered([503, 503, 503], 100))))).toMatchObject({ result: 'pass', measured: 3, bound: 3 })
})

it('fails one that tries a single call once more, however many others it does not', async () => {
  let count = 0
  const once: Story = {
    breaker: [],
    gemini: (dueMs) => (dueMs > 13_000 && count++ === 0 ? call(answered([503, 503, 503, 503], 100)) : call(answered([503, 503, 503], 100))),
  }
  expect(await findingOf(thrice, once)).toMatchObject({
    result: 'fail',
    cause: 'too_many_attempts',
    measured: 4,
    why: expect.stringMatching(/^1 request of [\d,]+ requests tried more than 3 times, one of them 4 times$/) as string,
  })
})

it('does not let refused requests dilute what was tried (J11)', async () => {
  const refused: Story = {
    gemini: (dueMs, index) =>
      dueMs < 12_000 || index % 50 === 0 ? call(answered([503, 503, 503, 503], 20)) : { outcome: 'rejected', latencyMs: 1, attempts: 0 },
    breaker: [],
  }
  expect(await findingOf(thrice, refused)).toMatchObject({ result: 'fail', measured: 4 })
})

it('knows nothing of retries where nothing failed', async () => {
  expect(await findingOf(thrice, { gemini: () => ok, breaker: [] })).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
})

it('passes a gateway that never tries anything again', async () => {
  expect(await findingOf(thrice, inOutage(call(answered([503], 0))))).toMatchObject({ result: 'pass', measured: 1 })
})

it('is no judge of attempts without request ids, unless there were more of them than all requests may have', async () => {
  const hidden = (times: number): Story => ({
    gemini: (dueMs) => ({
      ...(dueMs < 12_000
        ? ok
        : call(
            answered(
              Array.from({ length: times }, () => 503),
              5,
            ),
          )),
      anonymous: true,
    }),
    breaker: [],
    perSecond: 200,
  })
  expect(await findingOf(thrice, hidden(3))).toMatchObject({
    result: 'inconclusive',
    cause: 'no_samples',
    why: expect.stringContaining('x-request-id') as string,
  })
  expect(await findingOf({ ...thrice, most: 2, during: ['outage'] }, hidden(9))).toMatchObject({
    result: 'fail',
    cause: 'too_many_attempts',
  })
})

it('counts what the network swallowed where the front saw it, and trusts nothing else', async () => {
  const swallowing = {
    ...outage,
    fault: {
      made: 'network' as const,
      is: 'toxic' as const,
      stream: 'upstream' as const,
      toxicity: 1,
      toxic: { type: 'timeout' as const, attributes: { timeout: 0 } },
    },
  }
  const swallowed: Story = { ...inOutage(call(answered([503], 0))), plan: { faults: [swallowing] } }
  expect(await findingOf(thrice, swallowed)).toMatchObject({ result: 'inconclusive', cause: 'attempts_unseen' })
  const seen = (heads: number): Story => ({
    ...inOutage(call(answered([503], 0), { heads })),
    plan: { faults: [swallowing] },
    also: opened,
  })
  expect(await findingOf(thrice, seen(3))).toMatchObject({ result: 'pass', measured: 3 })
  expect(await findingOf(thrice, seen(5))).toMatchObject({ result: 'fail', measured: 5 })
})

it('takes several questions of one request to its upstream for no retries', async () => {
  const parts = [1, 2, 3, 4].map((part) => ({ afterMs: 1, lastsMs: 10, status: 503, route: `part-${part}` }))
  expect(await findingOf(thrice, inOutage(call(parts)))).toMatchObject({ result: 'pass', measured: 1 })
})

it('passes nothing that is still tried when its request has long been over', async () => {
  const late: JournalEvent = {
    type: 'arrival',
    t: 50_000,
    upstream: 'gemini',
    ordinal: 90_000,
    request: 'r7-2s',
    attempt: 4,
    concurrent: 1,
    route: 'generate',
    method: 'GET',
    idempotent: true,
    bodyHash: '',
  }
  expect(await findingOf(thrice, { ...inOutage(call(answered([503], 0))), also: [late] })).toMatchObject({
    result: 'inconclusive',
    cause: 'attempts_unseen',
  })
})
