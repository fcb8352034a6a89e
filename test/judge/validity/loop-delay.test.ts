import { expect, it } from 'vitest'
import { type Story, findingOf, healthyGemini, ok } from '../history.ts'
import { steadyP95, health } from '../criteria.ts'

it('blames no gateway for what a stall of the harness may have made', async () => {
  const slow: Story['gemini'] = (dueMs) => (dueMs < 12_000 ? { ...ok, latencyMs: 400 } : healthyGemini(dueMs))
  expect(await findingOf(steadyP95, { gemini: slow })).toMatchObject({ result: 'fail' })
  expect(await findingOf(steadyP95, { gemini: slow, also: [health(5000, 'load', 250)] })).toMatchObject({
    result: 'inconclusive',
    cause: 'harness_unhealthy',
  })
  // Another phase, the warm-up and the gateway itself are no excuse.
  for (const stall of [health(40_000, 'load', 250), health(1000, 'load', 250), health(5000, 'gateway', 250)])
    expect(await findingOf(steadyP95, { gemini: slow, also: [stall] })).toMatchObject({ result: 'fail' })
})
