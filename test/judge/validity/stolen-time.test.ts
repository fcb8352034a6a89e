import { expect, it } from 'vitest'
import { type Story, findingOf, ok, verdictOf } from '../history.ts'
import { steadyP95, machine } from '../criteria.ts'

it('tells how much of the machine its host withheld', async () => {
  const verdict = await verdictOf([steadyP95], { also: [machine(5500, 0.2), machine(6500, 0.6), machine(30_000, 0.02)] })
  expect(verdict.validity.find(({ id }) => id === 'stolen_time')).toMatchObject({
    ok: false,
    measured: 0.4,
    sentence: 'the host withheld 40 % of the processor time in the worst phase',
    remedy: 'run on a machine whose host has fewer other guests; see what it can do: npx gatecrash doctor',
  })
  expect(verdict.result).toBe('pass')
})

it('blames no gateway for what was slow on a machine that ran at less than half its speed', async () => {
  const slow: Story = { gemini: () => ({ ...ok, latencyMs: 450 }), breaker: [], plan: { faults: [] } }
  expect(await findingOf(steadyP95, { ...slow, also: [machine(5500, 0.45)] })).toMatchObject({ result: 'fail' })
  expect(await findingOf(steadyP95, { ...slow, also: [machine(5500, 0.55)] })).toMatchObject({
    result: 'inconclusive',
    cause: 'harness_unhealthy',
    why: expect.stringContaining('the host withheld 55 % of the processor time') as string,
  })
  expect(await findingOf(steadyP95, { ...slow, also: [machine(30_000, 0.9)] })).toMatchObject({ result: 'fail' })
})
