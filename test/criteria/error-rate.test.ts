import { expect, it } from 'vitest'
import type { Criterion } from '../../src/criteria/criteria.ts'
import { type Story, findingOf, healthyGemini, ok } from '../judge/history.ts'

const errors = { kind: 'error_rate', below: 0.001, during: ['recovery'] } satisfies Criterion

it('fails on more errors than promised', async () => {
  expect(await findingOf(errors, { perSecond: 200 })).toMatchObject({ result: 'fail', cause: 'too_many_errors' })
})

it('proves an error rate below 0.1 % by enough clean requests', async () => {
  const steady: Story = { gemini: () => ok, breaker: [], plan: { faults: [] }, perSecond: 200 }
  expect(await findingOf(errors, steady)).toMatchObject({
    result: 'pass',
    n: 7600,
    measured: 0,
    margin: 1,
    why: expect.stringMatching(/^0 of 7,600 failed/),
  })
  const few = await findingOf({ ...errors, upstream: 'gemini', during: ['steady'] }, steady)
  expect(few).toMatchObject({ result: 'inconclusive', cause: 'too_few_samples', needsMore: 2995 - few.n })
  expect(few.n).toBeGreaterThan(900)
})

it('leaves out requests that were given up because the run was stopped', async () => {
  const gemini = (_dueMs: number, index: number) =>
    index % 40 === 0 ? ({ ...ok, outcome: 'client_timeout', client: { error: 'halted' } } as const) : ok
  const stopped: Story = { gemini, breaker: [], plan: { faults: [] }, perSecond: 200 }
  expect(await findingOf(errors, stopped)).toMatchObject({ result: 'pass', measured: 0, n: 7507 })
})

it('counts a fallback as no error', async () => {
  const story: Story = { gemini: (dueMs) => (healthyGemini(dueMs) === ok ? ok : { ...healthyGemini(dueMs), outcome: 'fallback' }) }
  expect(await findingOf({ ...errors, during: ['outage'], below: 0.1 }, story)).toMatchObject({ result: 'pass', measured: 0 })
})
