import { expect, it } from 'vitest'
import { type Story, findingOf, healthyGemini, ok } from '../history.ts'
import { steadyP95, health } from '../criteria.ts'

it('fails nothing on latency while a process of the harness had no processor time left', async () => {
  const slow: Story = {
    gemini: (dueMs) => (dueMs < 12_000 ? { ...ok, latencyMs: 4000 } : healthyGemini(dueMs)),
    also: [health(5000, 'upstreams', 20, 0.99)],
  }
  expect(await findingOf(steadyP95, slow)).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
})
