import { expect, it } from 'vitest'
import { type Story, findingOf, ok, verdictOf } from '../history.ts'
import { steadyP95 } from '../criteria.ts'

it('lets a pass stand when the load generator was late', async () => {
  const late: Story = { assemblyai: () => ({ ...ok, lateMs: 40, latencyMs: 90 }) }
  const verdict = await verdictOf([steadyP95], late)
  expect(verdict.validity.find(({ id }) => id === 'lateness')).toMatchObject({ ok: false, bias: 'slower' })
  expect(verdict.result).toBe('pass')
})

it('blames no gateway for what only the lateness made slow', async () => {
  const late: Story = { gemini: () => ({ ...ok, lateMs: 400, latencyMs: 450 }), breaker: [], plan: { faults: [] } }
  expect(await findingOf(steadyP95, late)).toMatchObject({
    result: 'inconclusive',
    cause: 'harness_unhealthy',
    why: expect.stringContaining('sent up to 400 ms late'),
  })
  const slowToo: Story = { ...late, gemini: () => ({ ...ok, lateMs: 400, latencyMs: 900 }) }
  expect(await findingOf(steadyP95, slowToo)).toMatchObject({ result: 'fail', cause: 'too_slow' })
})
