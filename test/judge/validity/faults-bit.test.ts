import { expect, it } from 'vitest'
import type { PlannedFault } from '../../../src/plan/plan.ts'
import { type Story, findingOf, healthyBreaker, ok, outage, verdictOf } from '../history.ts'
import { errors, opens, all } from '../criteria.ts'

it('passes nothing that rests on a fault which never bit', async () => {
  const harmless: Story = { faultSeen: false, breaker: [], gemini: () => ok }
  const verdict = await verdictOf(all, harmless)
  const byId = Object.fromEntries(verdict.findings.map((finding) => [finding.id, [finding.result, finding.cause]]))
  expect(byId).toEqual({
    C1: ['pass', undefined],
    C2: ['inconclusive', 'fault_never_bit'],
    C3: ['inconclusive', 'fault_never_bit'],
    C4: ['inconclusive', 'fault_never_bit'],
    C5: ['inconclusive', 'fault_never_bit'],
    C6: ['inconclusive', 'fault_never_bit'],
    C7: ['inconclusive', 'fault_never_bit'],
  })
  expect(verdict.result).toBe('inconclusive')
})

it('says why a fault could not be set', async () => {
  const refused: Story = {
    faultSeen: false,
    also: [{ type: 'fault', t: 12_001, fault: 'F1', edge: 'failed', detail: 'connection refused' }],
    gemini: () => ok,
    breaker: [],
  }
  expect(await findingOf(errors, refused)).toMatchObject({
    cause: 'fault_never_bit',
    why: expect.stringContaining('F1 on gemini in outage could not be set: connection refused'),
  })
})

it('lets a network fault count as landed when the probe felt it', async () => {
  const fault = { made: 'network', is: 'down' } as const
  const story: Story = {
    faultSeen: false,
    plan: { faults: [{ ...outage, fault }] },
    also: [{ type: 'fault', t: 12_040, fault: 'F1', edge: 'bite' }],
  }
  expect(await findingOf(opens, story)).toMatchObject({ result: 'pass', measured: 95 })
})

// The gateway did not hand on the query that marks a probe. Of no length here: histories let a fault hit all requests of its time.
const ofProbe: PlannedFault = {
  id: 'F2',
  phase: 'warm-up',
  startMs: 1000,
  endMs: 1000,
  upstream: 'gemini',
  fault: { made: 'request', fault: { is: 'status', status: 503 }, hits: { probe: 'fails-once' } },
}

it('judges all but the probes of a gateway that drops what marks a probe', async () => {
  const unmarked: Story = { plan: { faults: [ofProbe, outage] }, breaker: healthyBreaker.slice(0, -1) }
  const { findings, validity, result } = await verdictOf(all, unmarked)
  const doubted = findings.filter(({ cause }) => cause === 'fault_never_bit')
  // Those about the whole run are about its probes too.
  expect(doubted.flatMap(({ window }) => (window!.phases.includes('warm-up') ? [] : window))).toEqual([])
  expect(doubted.length).toBeLessThan(findings.length / 2)
  expect(validity.find(({ id }) => id === 'fault_bit:F2')).toMatchObject({
    ok: false,
    remedy: 'pass the header x-request-id of a request on to gemini, or its query: either marks a probe',
  })
  expect(result).toBe('fail')
  expect((await verdictOf(all, { plan: { faults: [ofProbe, outage] } })).result).toBe('inconclusive')
})
