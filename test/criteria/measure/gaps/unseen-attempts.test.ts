import { expect, it } from 'vitest'
import type { Criterion } from '../../../../src/criteria/criteria.ts'
import type { JournalEvent } from '../../../../src/evidence/events.ts'
import type { Fault } from '../../../../src/faults/fault.ts'
import { requestId } from '../../../../src/evidence/request-id.ts'
import { arrivals } from '../../../../src/plan/arrivals.ts'
import { foldJournal } from '../../../../src/evidence/fold/fold.ts'
import { judge } from '../../../../src/judge/judge.ts'
import { type Story, failing, journalOf, ok, outage, planOf } from '../../../judge/history.ts'

/** As a front tells of heads: with the requests, not after them. */
function findingOf(criterion: Criterion, story: Story) {
  const plan = planOf([criterion], story.plan, 40)
  const [run, ...events] = journalOf(story, plan)
  return judge(plan, foldJournal([run!, ...events.toSorted((a, b) => a.t - b.t)], plan)).findings[0]!
}

const during = ['outage']
const few = { kind: 'amplification', upstream: 'gemini', below: 3, during } satisfies Criterion
const safe = { kind: 'no_unsafe_retries', upstream: 'gemini', during } satisfies Criterion

const toxic = { type: 'timeout', attributes: { timeout: 0 } } as const
const towards = (stream: 'upstream' | 'downstream'): Fault => ({ made: 'network', is: 'toxic', toxic, stream, toxicity: 1 })
const bite: JournalEvent = { type: 'fault', t: 12_050, fault: 'F1', edge: 'bite' }
const opened = (connection: number): JournalEvent => ({ type: 'connection', t: 1, upstream: 'gemini', connection, edge: 'opened' })

const swallowed = (fault: Fault, also: JournalEvent[] = []): Story => ({
  plan: { faults: [{ ...outage, fault }] },
  also: [bite, ...also],
  breaker: [],
  gemini: (dueMs) => (dueMs >= 12_000 && dueMs < 22_000 ? { ...failing, attempts: 1 } : ok),
})

/** The front saw each request of the outage so often, on its way into a network that swallows it. */
function heads(times: number, key?: string): JournalEvent[] {
  return [...arrivals(planOf([], {}, 40))]
    .filter(({ dueMs, route }) => route.route === 'gemini.generate' && dueMs >= 12_000 && dueMs < 22_000)
    .flatMap(({ index, dueMs }) =>
      Array.from({ length: times }, (_, nth): JournalEvent => ({
        type: 'attempt',
        t: dueMs + 1 + nth,
        upstream: 'gemini',
        connection: 0,
        request: requestId('r7', index),
        method: 'POST',
        path: '/generate',
        ...(key !== undefined && { key }),
      })),
    )
}

it('decides nothing about attempts that a network fault may have swallowed unseen', () => {
  for (const criterion of [few, safe])
    expect(findingOf(criterion, swallowed(towards('upstream')))).toMatchObject({
      result: 'inconclusive',
      cause: 'attempts_unseen',
      why: expect.stringMatching(
        /^F1 may have swallowed attempts on their way to gemini, and nothing before the proxy counted them/,
      ) as string,
    })
})

it('decides nothing about attempts on connections that nobody could read', () => {
  const opaque: JournalEvent = { type: 'connection', t: 13_000, upstream: 'gemini', connection: 0, edge: 'closed', opaque: true }
  expect(findingOf(few, swallowed(towards('upstream'), [opened(0), opaque]))).toMatchObject({
    result: 'inconclusive',
    cause: 'attempts_unseen',
    why: expect.stringContaining('1 of 1 connections did not speak HTTP/1.1') as string,
  })
})

it('decides about attempts that the front saw, or that no fault kept back', () => {
  const one = heads(1)
  for (const story of [
    swallowed(towards('upstream'), [opened(0), ...one]),
    swallowed(towards('downstream')),
    swallowed({ made: 'network', is: 'down' }),
  ])
    for (const criterion of [few, safe]) expect(findingOf(criterion, story)).toMatchObject({ result: 'pass' })
})

it('counts what died on its way: a repeat of what may not be repeated, and a storm', () => {
  const storm = swallowed(towards('upstream'), [opened(0), ...heads(25)])
  expect(findingOf(safe, storm)).toMatchObject({ result: 'fail', cause: 'unsafe_retry' })
  expect(findingOf(few, storm)).toMatchObject({ result: 'fail', cause: 'retry_storm', measured: 25 })
  expect(findingOf(safe, swallowed(towards('upstream'), [opened(0), ...heads(2, 'k')]))).toMatchObject({ result: 'pass' })
})
