import { expect, it } from 'vitest'
import type { Criterion } from '../../src/criteria/criteria.ts'
import { type Story, failing, findingOf, ok } from '../judge/history.ts'

const amplified = { kind: 'amplification', upstream: 'gemini', during: ['outage'], below: 2 } satisfies Criterion

it('counts attempts per request at the upstream', async () => {
  expect(await findingOf(amplified)).toMatchObject({ result: 'pass', unit: 'per_call' })
  const storm: Story = {
    gemini: (dueMs) => (dueMs >= 12_000 && dueMs < 22_000 ? { ...failing, attempts: 3 } : ok),
    breaker: [],
    perSecond: 200,
  }
  const finding = await findingOf(amplified, storm)
  expect(finding).toMatchObject({ result: 'fail', cause: 'retry_storm', measured: 3, interval: [3, expect.closeTo(3.009, 3)] })
  expect(finding.why).toMatch(/^[23],\d{3} arrivals for [\d,]+ requests: 3 each \(3 to 3\.01\), promised below 2$/)
  expect(await findingOf({ ...amplified, below: 3 }, storm)).toMatchObject({ result: 'fail', measured: 3, bound: 3 })
})

it('bounds amplification more widely when the gateway passes no request ids on', async () => {
  const anonymous: Story = { gemini: () => ({ ...ok, attempts: 1, anonymous: true }), breaker: [], perSecond: 200 }
  const finding = await findingOf({ ...amplified, during: ['steady'] }, anonymous)
  expect(finding).toMatchObject({ result: 'pass', measured: 1 })
  expect(finding.interval![1]).toBeCloseTo(1.052, 2)
})
