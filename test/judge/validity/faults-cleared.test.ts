import { expect, it } from 'vitest'
import type { Evidence } from '../../../src/evidence/evidence.ts'
import { judge } from '../../../src/judge/judge.ts'
import { booking } from '../../criteria/upstream/booking.ts'
import { type Story, evidenceOf, failing, findingOf, healthyGemini, planOf } from '../history.ts'
import { closes, errors, opens, recoveryP95, safe, steadyP95 } from '../criteria.ts'

/** The tool could not take its own fault off. */
async function leftOn(story: Story = {}) {
  const plan = planOf([steadyP95, opens, closes, errors, recoveryP95, safe])
  const evidence: Evidence = await evidenceOf(story, plan)
  Object.assign(evidence.faults[0]!, { clearedMs: null, failed: 'the port was taken meanwhile' })
  return judge(plan, evidence)
}

it('blames nothing that follows on the gateway, and passes nothing of it, when a fault was not taken off', async () => {
  for (const story of [{}, { gemini: (dueMs: number) => (dueMs >= 22_300 ? failing : healthyGemini(dueMs)) }]) {
    const verdict = await leftOn(story)
    const byId = Object.fromEntries(verdict.findings.map((finding) => [finding.id, finding]))
    expect(byId['C1']).toMatchObject({ result: 'pass' })
    expect(byId['C2']).toMatchObject({ result: 'pass' })
    for (const id of ['C3', 'C4', 'C5']) expect(byId[id]).toMatchObject({ result: 'inconclusive', cause: 'fault_not_cleared' })
    expect(verdict.result).toBe('inconclusive')
    expect(verdict.validity.filter(({ ok }) => !ok)).toMatchObject([
      { id: 'fault_cleared:F1', sentence: 'F1 on gemini in outage was not taken off: the port was taken meanwhile', bias: 'blind' },
    ])
  }
})

it('still fails what the fault cannot have made', async () => {
  const verdict = await leftOn({ gemini: (dueMs) => (dueMs >= 22_300 ? { ...failing, attempts: 2 } : healthyGemini(dueMs)) })
  expect(verdict.findings[0]).toMatchObject({ result: 'fail', cause: 'unsafe_retry' })
})

it('still fails what was done twice, whatever became of the fault or of the harness', async () => {
  const twice = booking((index) => (index % 40 === 0 ? 2 : 1))
  const plan = planOf([{ kind: 'effects_once', upstream: 'gemini' }])
  const evidence = await evidenceOf({ ...twice, plan: {} }, plan)
  Object.assign(evidence.faults[0]!, { clearedMs: null, failed: 'the port was taken meanwhile' })
  expect(judge(plan, evidence).findings[0]).toMatchObject({ result: 'fail', cause: 'done_twice' })
  const died: Story['also'] = [{ type: 'process', t: 40_000, role: 'upstreams', edge: 'exited', code: 1, unexpected: true, stderr: '' }]
  const story: Story = { ...twice, also: died }
  expect(await findingOf({ kind: 'effects_once', upstream: 'gemini' }, story)).toMatchObject({ result: 'fail', cause: 'done_twice' })
})
