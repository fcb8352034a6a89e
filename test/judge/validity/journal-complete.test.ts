import { expect, it } from 'vitest'
import { type Story, END, failing, findingOf, healthyBreaker, healthyGemini, ok, rejected, verdictOf } from '../history.ts'
import { steadyP95, recoveryP95, errors, opens, closes, goes, safe } from '../criteria.ts'

it('passes nothing of a run that was cut, and fails what can no longer pass', async () => {
  const cut: Story = { cutMs: 30_000, gemini: (dueMs) => (dueMs < 12_000 ? { ...ok, latencyMs: 900, attempts: 2 } : healthyGemini(dueMs)) }
  const verdict = await verdictOf([{ ...steadyP95, upstream: 'gemini' }, recoveryP95, errors, opens, safe], cut)
  const byId = Object.fromEntries(verdict.findings.map((finding) => [finding.id, [finding.result, finding.cause]]))
  expect(byId).toEqual({
    C1: ['fail', 'too_slow'],
    C2: ['inconclusive', 'incomplete'],
    C3: ['inconclusive', 'incomplete'],
    C4: ['inconclusive', 'incomplete'],
    C5: ['fail', 'unsafe_retry'],
  })
  expect(verdict.validity[0]).toMatchObject({ id: 'journal_complete', ok: false, sentence: 'the run was cut off 30 s after load start' })
  expect(verdict.findings.find(({ id }) => id === 'C4')!.why).toBe(
    'the run was cut off 30 s after load start (so far: opened after 95 ms, promised 1 s)',
  )
})

it('says of a run cut in its first phase only that it was cut, and what was not reached', async () => {
  const verdict = await verdictOf([recoveryP95, opens], { cutMs: 5000, perSecond: 200 })
  expect(verdict.why).toEqual([
    'p95 during recovery is below 300 ms: the run was cut off 5 s after load start',
    "gemini's breaker opens within 1 s of the fault in outage: the run was cut off 5 s after load start",
    'the run was cut off 5 s after load start; run it again, and let it finish: npx gatecrash run gemini-outage --seed 7',
    'outage was not reached; run it again, and let it finish: npx gatecrash run gemini-outage --seed 7',
    'recovery was not reached; run it again, and let it finish: npx gatecrash run gemini-outage --seed 7',
  ])
})

it('does not fail a cut run for what was still to come', async () => {
  const cut: Story = {
    cutMs: 23_000,
    breaker: healthyBreaker.slice(0, 3),
    gemini: (dueMs) => (dueMs < 12_000 ? ok : dueMs < 12_100 ? failing : rejected),
    assemblyai: (dueMs) => (dueMs < 22_000 ? ok : failing),
  }
  for (const criterion of [closes, goes, errors])
    expect(await findingOf(criterion, cut)).toMatchObject({ result: 'inconclusive', cause: 'incomplete' })
})

it('judges only what was asked: the end of the plan is the end of the run', async () => {
  const verdict = await verdictOf([steadyP95])
  expect(verdict.validity[0]).toMatchObject({ measured: END + 100, bound: END, ok: true })
})
