import { expect, it } from 'vitest'
import type { Criterion } from '../../src/criteria/criteria.ts'
import { type Story, failing, findingOf, healthyGemini, ok } from '../judge/history.ts'
import { every } from './every.ts'

const good = { kind: 'goodput', outcomes: ['ok', 'fallback'], above: 0.99, upstream: 'gemini', during: ['recovery'] } satisfies Criterion

it('counts a fallback as a success only where it is asked to', async () => {
  const story: Story = {
    gemini: (dueMs) => (healthyGemini(dueMs) === ok ? ok : { ...healthyGemini(dueMs), outcome: 'fallback' }),
    perSecond: 100,
  }
  expect(await findingOf({ ...good, during: ['outage'], outcomes: ['ok'] }, story)).toMatchObject({
    result: 'fail',
    cause: 'too_little_goodput',
  })
  expect(await findingOf({ ...good, during: ['outage'] }, story)).toMatchObject({ result: 'pass', measured: 1 })
})

it('holds goodput to its limit from above', async () => {
  const wide = await findingOf({ ...good, during: ['steady'] }, { perSecond: 100 })
  expect(wide).toMatchObject({ result: 'pass', measured: 1, bound: 0.99, margin: 0.010101, relation: 'above' })
  const finding = await findingOf(good, { gemini: every(10, failing) })
  expect(finding).toMatchObject({ result: 'fail', cause: 'too_little_goodput', unit: 'ratio' })
  expect(finding.margin).toBeLessThan(0)
})
