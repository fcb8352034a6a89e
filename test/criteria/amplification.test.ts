import { expect, it } from 'vitest'
import type { Criterion } from '../../src/criteria/criteria.ts'
import { type Story, failing, findingOf, healthyGemini, ok, rejected } from '../judge/history.ts'
import { every } from './every.ts'

const amplified = { kind: 'amplification', upstream: 'gemini', during: ['outage'], below: 2 } satisfies Criterion
const inSteady = { ...amplified, during: ['steady'] } satisfies Criterion

it('counts attempts per request at the upstream', async () => {
  expect(await findingOf(inSteady)).toMatchObject({ result: 'pass', unit: 'per_call', measured: 1 })
  const storm: Story = {
    gemini: (dueMs) => (dueMs >= 12_000 && dueMs < 22_000 ? { ...failing, attempts: 3 } : ok),
    breaker: [],
    perSecond: 200,
  }
  const finding = await findingOf(amplified, storm)
  expect(finding).toMatchObject({ result: 'fail', cause: 'retry_storm', measured: 3 })
  expect(finding.interval).toEqual([expect.closeTo(2.994, 2), expect.closeTo(3.02, 2)])
  expect(finding.why).toMatch(/^[23],\d{3} attempts for [\d,]+ requests: 3 each \(2\.99 to 3\.02\), promised below 2$/)
  expect(await findingOf({ ...amplified, below: 3 }, storm)).toMatchObject({ result: 'inconclusive', measured: 3, bound: 3 })
})

it('is not flattered by requests that were refused: each that was tried got 200 attempts (J11)', async () => {
  const gemini: Story['gemini'] = (dueMs) => {
    const usual = healthyGemini(dueMs)
    return usual === failing ? { ...failing, attempts: 200 } : usual
  }
  const finding = await findingOf({ ...amplified, below: 3 }, { gemini, perSecond: 200 })
  expect(finding).toMatchObject({ result: 'fail', cause: 'retry_storm', measured: 200 })
  expect(finding.n).toBeLessThan(20)
})

it('passes a gateway that refuses most, and tries the rest as often as promised', async () => {
  let count = 0
  const gemini: Story['gemini'] = (dueMs) =>
    dueMs < 12_000 || dueMs >= 22_000 ? ok : count++ % 3 > 0 ? rejected : { ...failing, attempts: count % 2 === 0 ? 2 : 1 }
  expect(await findingOf(amplified, { gemini, perSecond: 200 })).toMatchObject({ result: 'pass', measured: expect.closeTo(1.5, 1) })
})

it('says how many requests would do where too few were tried', async () => {
  const finding = await findingOf({ ...inSteady, below: 1.05 })
  expect(finding).toMatchObject({ result: 'inconclusive', cause: 'too_few_samples' })
  expect(finding.needsMore).toBe(538 - finding.n)
  const story: Story = { gemini: every(1, rejected, 2000), breaker: [] }
  expect(await findingOf(inSteady, story)).toMatchObject({ result: 'inconclusive', cause: 'no_samples', n: 0 })
})

it('bounds attempts more widely when the gateway passes no request ids on', async () => {
  const anonymous: Story = { gemini: () => ({ ...ok, attempts: 1, anonymous: true }), breaker: [], perSecond: 200 }
  const finding = await findingOf(inSteady, anonymous)
  expect(finding).toMatchObject({ result: 'pass', measured: 1 })
  expect(finding.interval![1]).toBeCloseTo(1.169, 2)
})

it('is not flattered by refused requests when the gateway passes no request ids on', async () => {
  // One in four is tried four times, the others never: an arrival for each request.
  const gemini: Story['gemini'] = (_, index) =>
    index % 4 === 0 ? { ...ok, attempts: 4, anonymous: true } : { outcome: 'shed', latencyMs: 1, attempts: 0 }
  const finding = await findingOf(inSteady, { gemini, breaker: [], perSecond: 200 })
  expect(finding).toMatchObject({ result: 'inconclusive', measured: expect.closeTo(1, 0) })
  expect(finding.interval![1]).toBeGreaterThan(4)
})

it('asks for request ids where more requests would tell no better', async () => {
  const gemini: Story['gemini'] = (dueMs) =>
    dueMs >= 12_000 && dueMs < 22_000 ? { ...failing, anonymous: true } : { ...ok, anonymous: true }
  const finding = await findingOf(amplified, { gemini, breaker: [], perSecond: 200 })
  expect(finding).toMatchObject({ result: 'inconclusive', remedy: 'pass the header x-request-id on to gemini' })
})
