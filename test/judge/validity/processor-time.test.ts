import { expect, it } from 'vitest'
import { type Story, findingOf, healthyGemini, ok, verdictOf } from '../history.ts'
import { steadyP95, health, machine } from '../criteria.ts'

it('fails nothing on latency while a process of the harness had no processor time left', async () => {
  const slow: Story = {
    gemini: (dueMs) => (dueMs < 12_000 ? { ...ok, latencyMs: 4000 } : healthyGemini(dueMs)),
    also: [health(5000, 'upstreams', 20, 0.99)],
  }
  expect(await findingOf(steadyP95, slow)).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
})

it('knows how many cores there are: a gateway that leaves none to others is excused by nothing that comes of it', async () => {
  // 5 % of the answers are slow, while the harness stood still for as long.
  const stalled = (gatewayCores: number, cores: number): Story => ({
    gemini: (dueMs, index) => ({ ...ok, latencyMs: dueMs < 12_000 && index % 8 < 2 ? 600 : 50 }),
    breaker: [],
    also: Array.from({ length: 8 }, (_, second) => [
      health(4000 + 1000 * second, 'load', 900, 0.5),
      health(4000 + 1000 * second, 'gateway', 900, gatewayCores),
      machine(4000 + 1000 * second, 0, cores),
    ]).flat(),
  })
  expect(await findingOf(steadyP95, stalled(1, 2))).toMatchObject({ result: 'fail', cause: 'too_slow' })
  expect(await findingOf(steadyP95, stalled(15.5, 16))).toMatchObject({ result: 'fail', cause: 'too_slow' })
  // One of sixteen cores takes nothing from the others.
  expect(await findingOf(steadyP95, stalled(1, 16))).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
})

it('takes a process that may use several cores for busy when it has used up all', async () => {
  const native = (used: number, cores: number): Story => ({
    also: [{ type: 'health', t: 5000, role: 'toxiproxy', cpu: used }, machine(5000, 0, cores)],
  })
  const busy = async (story: Story): Promise<boolean | undefined> =>
    (await verdictOf([steadyP95], story)).validity.find(({ id }) => id === 'cpu:toxiproxy')?.ok
  expect(await busy(native(1.5, 2))).toBe(true)
  expect(await busy(native(1.95, 2))).toBe(false)
  expect(await busy(native(3, 8))).toBe(true)
})
