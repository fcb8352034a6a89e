import { expect, it } from 'vitest'
import { type Answer, type Story, findingOf, healthyGemini, ok } from '../history.ts'
import { steadyP95, recoveryP95 } from '../criteria.ts'

it('passes nothing in a phase whose load was not delivered, and still fails what failed', async () => {
  const thin = (dueMs: number, index: number): Answer | 'not sent' =>
    dueMs >= 22_300 && index % 20 === 0 ? 'not sent' : healthyGemini(dueMs)
  expect(await findingOf(recoveryP95, { gemini: thin })).toMatchObject({
    result: 'inconclusive',
    cause: 'load_not_delivered',
    why: expect.stringMatching(/^recovery got 1,4\d\d of 1,520 planned requests/),
  })
  expect(await findingOf(steadyP95, { gemini: thin })).toMatchObject({ result: 'pass' })
  const slow: Story = { gemini: thin, assemblyai: () => ({ ...ok, latencyMs: 900 }) }
  expect(await findingOf(recoveryP95, slow)).toMatchObject({ result: 'fail', cause: 'too_slow' })
})
