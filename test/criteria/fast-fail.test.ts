import { expect, it } from 'vitest'
import type { Criterion } from '../../src/criteria/criteria.ts'
import { type Answer, type Story, failing, findingOf, healthyGemini, ok, rejected } from '../judge/history.ts'

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
