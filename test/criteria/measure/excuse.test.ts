import { expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { type Answer, type Story, failing, findingOf, healthyBreaker, healthyGemini, rejected } from '../../judge/history.ts'
import { errors, closes, health } from '../../judge/criteria.ts'

it('excuses timeouts on a slow harness, and no other errors', async () => {
  const broken = (outcome: Answer['outcome']): Story => ({
    gemini: (dueMs, index) => (dueMs > 25_000 && index % 2 ? { ...failing, outcome } : healthyGemini(dueMs)),
    also: [health(30_000, 'load', 900)],
  })
  expect(await findingOf(errors, broken('timeout'))).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
  expect(await findingOf(errors, broken('upstream_error'))).toMatchObject({ result: 'fail', cause: 'too_many_errors' })
  expect(await findingOf(errors, { ...broken('timeout'), also: [] })).toMatchObject({ result: 'fail' })
})

it('excuses an opening only by stalls as long as the attempt timeout', async () => {
  const stays: Criterion = { kind: 'stays_closed', upstream: 'gemini' }
  expect(await findingOf(stays, { also: [health(5000, 'load', 400)] })).toMatchObject({ result: 'fail' })
  expect(await findingOf(stays, { also: [health(5000, 'load', 600)] })).toMatchObject({
    result: 'inconclusive',
    cause: 'harness_unhealthy',
  })
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
