import { expect, it } from 'vitest'
import { judge } from '../../src/judge/judge.ts'
import type { JournalEvent, Role } from '../../src/evidence/events.ts'
import type { Criterion } from '../../src/criteria/criteria.ts'
import {
  END,
  type Answer,
  type Story,
  evidenceOf,
  failing,
  findingOf,
  healthyBreaker,
  healthyGemini,
  ok,
  outage,
  planOf,
  rejected,
  verdictOf,
} from './history.ts'

const steadyP95: Criterion = { kind: 'latency', quantile: 0.95, outcomes: ['ok'], belowMs: 300, during: ['steady'] }
const recoveryP95: Criterion = { ...steadyP95, during: ['recovery'] }
const errors: Criterion = { kind: 'error_rate', below: 0.1, during: ['recovery'] }
const opens: Criterion = { kind: 'opens_within', upstream: 'gemini', phase: 'outage', withinMs: 1000 }
const closes: Criterion = { kind: 'closes_within', upstream: 'gemini', phase: 'outage', withinMs: 5000 }
const goes: Criterion = { kind: 'transitions', upstream: 'gemini', sequence: ['closed', 'open', 'half_open', 'closed'] }
const safe: Criterion = { kind: 'no_unsafe_retries', upstream: 'gemini' }
const all = [steadyP95, recoveryP95, errors, opens, closes, goes, safe]

const health = (t: number, role: Role, loopDelayMax: number, cpu = 0.3): JournalEvent => ({
  type: 'health',
  t,
  role,
  loopDelayMax,
  loopDelayP99: loopDelayMax,
  cpu,
})

it('passes a healthy run with every guard satisfied', async () => {
  const verdict = await verdictOf(all, { also: [health(5000, 'load', 12), health(5000, 'upstreams', 10), health(5000, 'toxiproxy', 8)] })
  expect(verdict.validity.filter(({ ok: holds }) => !holds)).toEqual([])
  expect(verdict.validity.map(({ id }) => id)).toEqual([
    'journal_complete',
    'phase_reached:warm-up',
    'phase_reached:steady',
    'phase_reached:outage',
    'phase_reached:recovery',
    'load_delivered',
    'answered:gemini',
    'answered:assemblyai',
    'traffic:gemini',
    'fault_bit:F1',
    'breaker_events',
    'witnesses:gemini',
    'witnesses:assemblyai',
    'lateness',
    'loop_delay:load',
    'loop_delay:toxiproxy',
    'loop_delay:upstreams',
    'cpu:load',
    'cpu:toxiproxy',
    'cpu:upstreams',
  ])
  expect(verdict).toMatchObject({ result: 'pass', counts: { pass: 7, fail: 0, inconclusive: 0 }, why: [] })
})

it('gives the same bytes for the same run', async () => {
  const story: Story = { gemini: (dueMs) => (dueMs > 30_000 ? failing : healthyGemini(dueMs)) }
  const plan = planOf(all)
  const [first, second] = [judge(plan, await evidenceOf(story, plan)), judge(plan, await evidenceOf(story, plan))]
  expect(JSON.stringify(second)).toBe(JSON.stringify(first))
  const once = await evidenceOf(story, plan)
  expect(JSON.stringify(judge(plan, once))).toBe(JSON.stringify(judge(plan, once)))
})

it('is undecided when nothing is demanded', async () => {
  expect(await verdictOf([])).toMatchObject({
    result: 'inconclusive',
    why: ['nothing was demanded, so nothing is proved; add a criterion'],
  })
})

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

it('is undecided when a fault hits an upstream without traffic', async () => {
  const verdict = await verdictOf([steadyP95, goes], { gemini: () => 'not sent', breaker: [] })
  expect(verdict.result).toBe('inconclusive')
  expect(verdict.validity.filter(({ ok: holds }) => !holds).map(({ id }) => id)).toEqual(
    expect.arrayContaining(['traffic:gemini', 'fault_bit:F1']),
  )
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
  expect(await findingOf(opens, story)).toMatchObject({ result: 'pass', measured: 60 })
})

it('passes nothing in a phase whose load was not delivered, and still fails what failed', async () => {
  const thin = (dueMs: number, index: number): Answer | 'not sent' =>
    dueMs >= 22_300 && index % 20 === 0 ? 'not sent' : healthyGemini(dueMs)
  expect(await findingOf(recoveryP95, { gemini: thin })).toMatchObject({
    result: 'inconclusive',
    cause: 'load_not_delivered',
    why: expect.stringMatching(/^recovery got 7,[\d]+ of 7,600 planned requests/),
  })
  expect(await findingOf(steadyP95, { gemini: thin })).toMatchObject({ result: 'pass' })
  const slow: Story = { gemini: thin, assemblyai: () => ({ ...ok, latencyMs: 900 }) }
  expect(await findingOf(recoveryP95, slow)).toMatchObject({ result: 'fail', cause: 'too_slow' })
})

it('passes nothing in a phase that was not reached', async () => {
  const plan = planOf([recoveryP95])
  const evidence = await evidenceOf({}, plan)
  evidence.phases.find(({ phase }) => phase === 'recovery')!.startedMs = null
  expect(judge(plan, evidence).findings[0]).toMatchObject({ result: 'inconclusive', cause: 'phase_not_reached' })
})

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
    'the run was cut off 30 s after load start (so far: opened after 85.5 ms, promised 1 s)',
  )
})

it('says of a run cut in its first phase only that it was cut, and what was not reached', async () => {
  const verdict = await verdictOf([recoveryP95, opens], { cutMs: 5000 })
  expect(verdict.why).toEqual([
    'p95 during recovery is below 300 ms: the run was cut off 5 s after load start',
    "gemini's breaker opens within 1 s of the fault in outage: the run was cut off 5 s after load start",
    'the run was cut off 5 s after load start; run again, and let it finish',
    'outage was not reached; let the run finish; see the journal for what stopped it',
    'recovery was not reached; let the run finish; see the journal for what stopped it',
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

it('lets a pass stand when the load generator was late', async () => {
  const late: Story = { assemblyai: () => ({ ...ok, lateMs: 40, latencyMs: 90 }) }
  const verdict = await verdictOf([steadyP95], late)
  expect(verdict.validity.find(({ id }) => id === 'lateness')).toMatchObject({ ok: false, bias: 'slower' })
  expect(verdict.result).toBe('pass')
})

const machine = (t: number, stolen: number): JournalEvent => ({ type: 'health', t, role: 'machine', stolen })

it('tells how much of the machine its host withheld', async () => {
  const verdict = await verdictOf([steadyP95], { also: [machine(5500, 0.2), machine(6500, 0.6), machine(30_000, 0.02)] })
  expect(verdict.validity.find(({ id }) => id === 'stolen_time')).toMatchObject({
    ok: false,
    measured: 0.4,
    sentence: 'the host withheld 40 % of the processor time in the worst phase',
    remedy: 'run on a machine whose host has fewer other guests',
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

it('fails nothing on latency while a process of the harness had no processor time left', async () => {
  const slow: Story = {
    gemini: (dueMs) => (dueMs < 12_000 ? { ...ok, latencyMs: 4000 } : healthyGemini(dueMs)),
    also: [health(5000, 'upstreams', 20, 0.99)],
  }
  expect(await findingOf(steadyP95, slow)).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
})

it('excuses timeouts on a slow harness, and no other errors', async () => {
  const broken = (outcome: Answer['outcome']): Story => ({
    gemini: (dueMs, index) => (dueMs > 25_000 && index % 2 ? { ...failing, outcome } : healthyGemini(dueMs)),
    also: [health(30_000, 'load', 900)],
  })
  expect(await findingOf(errors, broken('timeout'))).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
  expect(await findingOf(errors, broken('upstream_error'))).toMatchObject({ result: 'fail', cause: 'too_many_errors' })
  expect(await findingOf(errors, { ...broken('timeout'), also: [] })).toMatchObject({ result: 'fail' })
})

it('excuses an opening only by stalls as long as the attempt timeout', async () => {
  const stays: Criterion = { kind: 'stays_closed', upstream: 'gemini' }
  expect(await findingOf(stays, { also: [health(5000, 'load', 400)] })).toMatchObject({ result: 'fail' })
  expect(await findingOf(stays, { also: [health(5000, 'load', 600)] })).toMatchObject({
    result: 'inconclusive',
    cause: 'harness_unhealthy',
  })
})

it('excuses a late closing by no more than the harness may have added', async () => {
  const closed = (atMs: number): Story => ({
    breaker: [...healthyBreaker.slice(0, 3), ['half_open', atMs - 10], ['closed', atMs]],
    gemini: (dueMs) => (dueMs >= 12_100 && dueMs < atMs ? rejected : healthyGemini(dueMs)),
    also: [health(25_000, 'load', 600)],
  })
  expect(await findingOf(closes, closed(27_500))).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
  expect(await findingOf(closes, closed(31_000))).toMatchObject({ result: 'fail', cause: 'closed_late' })
})

it('excuses a breaker that opened again, and what it then refused, by stalls as long as the attempt timeout', async () => {
  const reopened = (stall: number): Story => ({
    breaker: [...healthyBreaker, ['open', 32_000], ['half_open', 37_000], ['closed', 37_050]],
    gemini: (dueMs) => (dueMs >= 32_000 && dueMs < 37_050 ? rejected : healthyGemini(dueMs)),
    also: [health(31_000, 'upstreams', stall)],
  })
  expect(await findingOf(closes, reopened(400))).toMatchObject({ result: 'fail', cause: 'reopened' })
  expect(await findingOf(closes, reopened(600))).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
  const fewErrors: Criterion = { ...errors, below: 0.02 }
  expect(await findingOf(fewErrors, reopened(400))).toMatchObject({ result: 'fail', cause: 'too_many_errors' })
  expect(await findingOf(fewErrors, reopened(600))).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
})

it('fails what a gateway left undone by dying, and excuses it by a dead harness', async () => {
  const died = (role: Role): Story => ({
    also: [{ type: 'process', t: 40_000, role, edge: 'exited', code: 1, unexpected: true, stderr: 'Error\nout of memory' }],
    gemini: (dueMs) => (dueMs > 40_000 ? { ...failing, outcome: 'connection_error', attempts: 0 } : healthyGemini(dueMs)),
  })
  expect(await findingOf(errors, died('gateway'))).toMatchObject({
    result: 'fail',
    cause: 'gateway_died',
    why: 'gateway ended by itself at 40.0 s (code 1): out of memory',
  })
  expect(await findingOf(steadyP95, died('gateway'))).toMatchObject({ result: 'pass' })
  expect(await findingOf(errors, died('upstreams'))).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
  expect((await verdictOf([steadyP95], died('gateway'))).result).toBe('inconclusive')
})

it('puts root causes before symptoms, then doubts, near misses and passes', async () => {
  const disaster: Story = { breaker: [], gemini: (dueMs) => (dueMs >= 12_000 && dueMs < 22_000 ? { ...failing, attempts: 3 } : ok) }
  const inOutage = { upstream: 'gemini', during: ['outage'] }
  const verdict = await verdictOf(
    [
      { ...steadyP95, belowMs: 30 },
      steadyP95,
      { kind: 'error_rate', below: 0.1, ...inOutage },
      { ...steadyP95, belowMs: 52 },
      { kind: 'amplification', below: 2, ...inOutage },
      { kind: 'error_rate', below: 0.0001, upstream: 'gemini', during: ['steady'] },
      opens,
      { kind: 'no_unsafe_retries', upstream: 'gemini' },
    ],
    disaster,
  )
  expect(verdict.findings.map(({ id, cause, result }) => `${id} ${cause ?? result}`)).toEqual([
    'C8 unsafe_retry',
    'C7 never_opened',
    'C5 retry_storm',
    'C3 too_many_errors',
    'C1 too_slow',
    'C6 too_few_samples',
    'C4 pass',
    'C2 pass',
  ])
  expect(verdict.result).toBe('fail')
  expect(verdict.why).toHaveLength(6)
  expect(verdict.why[0]).toMatch(/^no unsafe request reaches gemini twice: [\d,]+ of [\d,]+ unsafe arrivals were repeats/)
})

it('judges only what was asked: the end of the plan is the end of the run', async () => {
  const verdict = await verdictOf([steadyP95])
  expect(verdict.validity[0]).toMatchObject({ measured: END + 100, bound: END, ok: true })
})
