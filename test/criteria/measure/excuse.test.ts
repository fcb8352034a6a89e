import { expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { type Answer, type Story, failing, findingOf, healthyBreaker, healthyGemini, ok, rejected } from '../../judge/history.ts'
import { errors, closes, health } from '../../judge/criteria.ts'

it('excuses timeouts on a slow harness, as many as a stall can have touched, and no other errors', async () => {
  // 38 s of recovery. A stall of 900 ms touches what was due in it, and what was under way: 2.9 s, 7.6 %.
  const broken = (outcome: Answer['outcome'], untilMs: number): Story => ({
    gemini: (dueMs) => (dueMs > 28_000 && dueMs < untilMs ? { ...failing, outcome } : healthyGemini(dueMs)),
    also: [health(30_000, 'load', 900)],
  })
  const few: Criterion = { ...errors, below: 0.03 }
  expect(await findingOf(few, broken('timeout', 32_000))).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
  expect(await findingOf(few, broken('upstream_error', 32_000))).toMatchObject({ result: 'fail', cause: 'too_many_errors' })
  expect(await findingOf(few, { ...broken('timeout', 32_000), also: [] })).toMatchObject({ result: 'fail' })
  // A third of all requests timed out: no stall made that.
  expect(await findingOf(few, broken('timeout', 53_000))).toMatchObject({ result: 'fail', cause: 'too_many_errors' })
})

it('excuses no timeouts by late sending: they begin when the gateway has the request', async () => {
  const late: Story = {
    gemini: (dueMs, index) =>
      dueMs > 25_000 && index % 3 === 0 ? { ...failing, outcome: 'timeout', lateMs: 25, latencyMs: 1025 } : healthyGemini(dueMs),
    assemblyai: () => ({ ...ok, lateMs: 25, latencyMs: 75 }),
  }
  expect(await findingOf(errors, late)).toMatchObject({ result: 'fail', cause: 'too_many_errors' })
})

const stays: Criterion = { kind: 'stays_closed', upstream: 'gemini' }
/** Amid the fault, which is mild: the first probe is answered well. */
const openedOnce: Story['breaker'] = [
  ['open', 15_000],
  ['half_open', 20_000],
  ['closed', 20_050],
]

it('excuses an opening only by stalls as long as the attempt timeout', async () => {
  expect(await findingOf(stays, { breaker: openedOnce, also: [health(14_900, 'load', 400)] })).toMatchObject({ result: 'fail' })
  expect(await findingOf(stays, { breaker: openedOnce, also: [health(14_900, 'load', 600)] })).toMatchObject({
    result: 'inconclusive',
    cause: 'harness_unhealthy',
  })
})

it('excuses no opening by a stall of another time', async () => {
  for (const toldMs of [5000, 12_500, 30_000])
    expect(await findingOf(stays, { breaker: openedOnce, also: [health(toldMs, 'load', 600)] })).toMatchObject({ result: 'fail' })
})

it('excuses no time from one event to another by a stall before or after it', async () => {
  const late = (toldMs: number): Story => ({
    breaker: [...healthyBreaker.slice(0, 3), ['half_open', 27_490], ['closed', 27_500]],
    gemini: (dueMs) => (dueMs >= 12_100 && dueMs < 27_500 ? rejected : healthyGemini(dueMs)),
    also: [health(toldMs, 'load', 600)],
  })
  expect(await findingOf(closes, late(25_000))).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
  for (const toldMs of [40_000, 55_000])
    expect(await findingOf(closes, late(toldMs))).toMatchObject({ result: 'fail', cause: 'closed_late' })
})

it('excuses a late closing by no more than the harness may have added', async () => {
  const closed = (atMs: number): Story => ({
    breaker: [...healthyBreaker.slice(0, 3), ['half_open', atMs - 10], ['closed', atMs]],
    gemini: (dueMs) => (dueMs >= 12_100 && dueMs < atMs ? rejected : healthyGemini(dueMs)),
    also: [health(25_000, 'load', 600)],
  })
  expect(await findingOf(closes, closed(27_500))).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
  expect(await findingOf(closes, closed(31_000))).toMatchObject({ result: 'fail', cause: 'closed_late' })
})

it('excuses a breaker that opened again, and what it then refused, by stalls as long as the attempt timeout', async () => {
  const reopened = (stall: number): Story => ({
    breaker: [...healthyBreaker, ['open', 32_000], ['half_open', 37_000], ['closed', 37_050]],
    gemini: (dueMs) => (dueMs >= 32_000 && dueMs < 37_050 ? rejected : healthyGemini(dueMs)),
    also: [health(31_000, 'upstreams', stall)],
  })
  expect(await findingOf(closes, reopened(400))).toMatchObject({ result: 'fail', cause: 'reopened' })
  expect(await findingOf(closes, reopened(600))).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
  const fewErrors: Criterion = { ...errors, below: 0.02 }
  expect(await findingOf(fewErrors, reopened(400))).toMatchObject({ result: 'fail', cause: 'too_many_errors' })
  expect(await findingOf(fewErrors, reopened(600))).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
})

it('excuses what the open breaker of a gateway refused that marks nothing, and nothing that an upstream gave', async () => {
  const reopened = (stall: number, again: Answer): Story => ({
    breaker: [],
    gemini: (dueMs) => (dueMs >= 32_000 && dueMs < 37_050 ? again : healthyGemini(dueMs) === rejected ? unmarked : healthyGemini(dueMs)),
    also: [health(31_000, 'upstreams', stall)],
  })
  const unmarked: Answer = { outcome: 'upstream_error', latencyMs: 1, attempts: 0 }
  const fewErrors: Criterion = { ...errors, below: 0.02 }
  expect(await findingOf(fewErrors, reopened(400, unmarked))).toMatchObject({ result: 'fail', cause: 'too_many_errors' })
  expect(await findingOf(fewErrors, reopened(600, unmarked))).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
  expect(await findingOf(fewErrors, reopened(600, failing))).toMatchObject({ result: 'fail', cause: 'too_many_errors' })
  // A gateway that marks its refusals tells which errors are none.
  const marking = reopened(600, unmarked)
  const gemini: Story['gemini'] = (dueMs) => (dueMs < 28_000 ? healthyGemini(dueMs) : marking.gemini!(dueMs, 0))
  expect(await findingOf(fewErrors, { ...marking, gemini })).toMatchObject({ result: 'fail', cause: 'too_many_errors' })
})
