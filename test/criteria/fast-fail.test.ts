import { expect, it } from 'vitest'
import type { Criterion } from '../../src/criteria/criteria.ts'
import { type Answer, type Story, failing, findingOf, healthyGemini, ok, rejected } from '../judge/history.ts'
import { fromOutside, mute } from './measure/mute.ts'

const quick = { kind: 'fast_fail', upstream: 'gemini', during: ['outage'], quantile: 0.95, belowMs: 50 } satisfies Criterion

it('times what an open breaker refuses, and leaves out what failed slowly before', async () => {
  const refused: Answer = { outcome: 'fallback', latencyMs: 2, attempts: 0 }
  const story: Story = {
    gemini: (dueMs) =>
      dueMs < 12_000 || dueMs >= 22_300 ? ok : dueMs < 12_100 ? { ...failing, outcome: 'fallback', latencyMs: 900 } : refused,
  }
  const finding = await findingOf(quick, story)
  expect(finding).toMatchObject({ result: 'pass', unit: 'ms' })
  expect(finding.measured).toBeCloseTo(2, 1)
})

it('fails when refusals take long', async () => {
  const slow: Story = {
    gemini: (dueMs) => (healthyGemini(dueMs) === rejected ? { ...rejected, latencyMs: 400 } : healthyGemini(dueMs)),
  }
  expect(await findingOf(quick, slow)).toMatchObject({ result: 'fail', cause: 'slow_rejection' })
})

it('has no opinion where nothing was refused', async () => {
  expect(await findingOf(quick, { gemini: () => ok, breaker: [] })).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
})

it('leaves out what was due before the opening, waited for its retry, and was refused only then', async () => {
  const retried: Story = {
    gemini: (dueMs) => (dueMs >= 12_000 && dueMs < 12_100 ? { ...rejected, attempts: 1, latencyMs: 1040 } : healthyGemini(dueMs)),
    perSecond: 400,
  }
  expect(await findingOf({ ...quick, quantile: 0.995, belowMs: 50 }, retried)).toMatchObject({ result: 'pass' })
  // A retry of the refusal itself is slow for all who come while it is open.
  const refusalRetried: Story = {
    gemini: (dueMs) => (healthyGemini(dueMs) === rejected ? { ...rejected, latencyMs: 1040 } : healthyGemini(dueMs)),
  }
  expect(await findingOf(quick, refusalRetried)).toMatchObject({ result: 'fail', cause: 'slow_rejection' })
})

it('takes an error in a time in which nothing arrived for a refusal without a mark', async () => {
  const unmarked = (latencyMs: number): Story =>
    mute({
      gemini: (dueMs) => (fromOutside(dueMs) === rejected ? { ...failing, latencyMs, attempts: 0 } : fromOutside(dueMs)),
      perSecond: 200,
    })
  expect(await findingOf(quick, unmarked(2))).toMatchObject({ result: 'pass', measured: expect.closeTo(2, 1) as number })
  expect(await findingOf(quick, unmarked(300))).toMatchObject({ result: 'fail', cause: 'slow_rejection' })
})
