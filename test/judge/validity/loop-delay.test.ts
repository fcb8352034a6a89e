import { expect, it } from 'vitest'
import { type Story, findingOf, healthyGemini, ok } from '../history.ts'
import type { JournalEvent } from '../../../src/evidence/events.ts'
import { health, machine, steadyP95 } from '../criteria.ts'

it('blames no gateway for what a stall of the harness may have made', async () => {
  // 8 % of the requests in steady: those of 0.8 s.
  const slow: Story['gemini'] = (dueMs) => (dueMs >= 4000 && dueMs < 4800 ? { ...ok, latencyMs: 400 } : healthyGemini(dueMs))
  const p90 = { ...steadyP95, quantile: 0.9, upstream: 'gemini' }
  const verySlow: Story['gemini'] = (dueMs) => (dueMs >= 4000 && dueMs < 6000 ? { ...ok, latencyMs: 400 } : healthyGemini(dueMs))
  const story = (gemini: Story['gemini'], ...also: JournalEvent[]): Story => ({ gemini: gemini!, also, perSecond: 400 })
  expect(await findingOf({ ...p90, quantile: 0.95 }, story(slow))).toMatchObject({ result: 'fail' })
  const [first, second] = [health(4500, 'load', 250), health(5500, 'load', 250)]
  expect(await findingOf({ ...p90, quantile: 0.95 }, story(slow, first))).toMatchObject({
    result: 'inconclusive',
    cause: 'harness_unhealthy',
  })
  // Two stalls of 250 ms can have touched 1.1 s of requests, of which 2 s were slow.
  expect(await findingOf(p90, story(verySlow, first))).toMatchObject({ result: 'fail' })
  expect(await findingOf(p90, story(verySlow, first, second))).toMatchObject({ result: 'inconclusive' })
  // Another phase, the warm-up and the gateway itself are no excuse.
  for (const stall of [health(40_000, 'load', 250), health(1000, 'load', 250), health(5000, 'gateway', 250)])
    expect(await findingOf({ ...p90, quantile: 0.95 }, story(slow, stall))).toMatchObject({ result: 'fail' })
})

it('excuses by one stall no answers that are slow all the time', async () => {
  const slow: Story = {
    gemini: (dueMs) => (dueMs < 12_000 ? { ...ok, latencyMs: 900 } : healthyGemini(dueMs)),
    also: [health(5000, 'load', 120)],
  }
  expect(await findingOf(steadyP95, slow)).toMatchObject({ result: 'fail', cause: 'too_slow' })
})

it('excuses nothing that the gateway made by using up the machine', async () => {
  const slow: Story['gemini'] = (dueMs) => (dueMs >= 4000 && dueMs < 4800 ? { ...ok, latencyMs: 400 } : healthyGemini(dueMs))
  const also = [health(4500, 'load', 250), health(4500, 'gateway', 20, 0.98)]
  const p95 = { ...steadyP95, upstream: 'gemini' }
  expect(await findingOf(p95, { gemini: slow, also, perSecond: 400 })).toMatchObject({ result: 'fail', cause: 'too_slow' })
  // Where the host withheld the processor, its use says nothing.
  expect(await findingOf(p95, { gemini: slow, also: [...also, machine(4500, 0.4)], perSecond: 400 })).toMatchObject({
    result: 'inconclusive',
  })
})

it('takes the gateway for stalled no longer than the harness was', async () => {
  const slow: Story['gemini'] = (dueMs) => (dueMs >= 4000 && dueMs < 4800 ? { ...ok, latencyMs: 1500 } : healthyGemini(dueMs))
  const also = [health(4500, 'load', 250), health(4500, 'gateway', 1400)]
  expect(await findingOf({ ...steadyP95, upstream: 'gemini' }, { gemini: slow, also, perSecond: 400 })).toMatchObject({ result: 'fail' })
})
