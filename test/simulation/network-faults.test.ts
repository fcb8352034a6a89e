// Each network fault on a small plan: what it does to requests is what it does live.
import { expect, it } from 'vitest'
import { gemini } from '../../fake-upstreams/gemini.ts'
import { errorRate, faults, perSecond, phase, reference, scenario } from '../../src/index.ts'
import type { Evidence } from '../../src/evidence/evidence.ts'
import { spanAtQuantile } from '../../src/evidence/latency-histogram.ts'
import type { FaultInput, NetworkFaultInput } from '../../src/faults/fault-input.ts'
import { planScenario } from '../../src/scenario/plan-scenario.ts'
import { loadCast, simulate } from '../../src/simulation/simulate.ts'

async function during(...given: FaultInput[]): Promise<{ outcomes: Record<string, number>; p50: number; evidence: Evidence }> {
  const written = scenario('short', {
    story: 'The network before Gemini fails for a moment.',
    upstreams: { gemini },
    gateway: reference({ gemini: { timeout: { attempt: '500ms', total: '1s' } } }),
    load: { rate: perSecond(50), mix: [gemini.generateContent({ weight: 1 })] },
    phases: () => [phase('steady', '2s'), phase('fault', '3s', ...given), phase('recovery', '2s')],
    criteria: [errorRate().during('steady').below('90%')],
  })
  const plan = planScenario(written, { seed: 5, settings: 'ci', source: 'short.ts' })
  const evidence = simulate(plan, { cast: await loadCast(plan) })
  const outcomes: Record<string, number> = {}
  let p50 = 0
  // What was under way when the fault began, or was due when it ended, may have felt it.
  const others = evidence.requests.filter(({ phase: name, outcome }) => name !== 'fault' && outcome !== 'ok')
  expect(others.every(({ count }) => count < 15)).toBe(true)
  for (const { phase: name, outcome, count, latency } of evidence.requests) {
    if (name !== 'fault') continue
    outcomes[outcome] = (outcomes[outcome] ?? 0) + count
    if (outcome === 'ok') p50 = spanAtQuantile(latency, 0.5) ?? 0
  }
  expect(evidence.faults.every(({ bitMs, clearedMs }) => bitMs !== null && clearedMs !== null)).toBe(true)
  return { outcomes, p50, evidence }
}

const toxic = (type: string, attributes: Record<string, unknown>, stream: 'upstream' | 'downstream' = 'downstream'): NetworkFaultInput =>
  faults.toxic('gemini', type, attributes, { stream })

it('refuses connections while a proxy is cut, and breaks those that are under way', async () => {
  const { outcomes, evidence } = await during(faults.cut('gemini'))
  expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(['connection_error']))
  expect(outcomes['connection_error']).toBeGreaterThan(140)
  const arrived = evidence.arrivals.filter(({ phase: name }) => name === 'fault').reduce((total, { count }) => total + count, 0)
  expect(arrived).toBeLessThan(15)
})

it('adds the delay of a slow network', async () => {
  const { outcomes, p50 } = await during(toxic('latency', { latency: 200 }))
  expect(outcomes).toEqual({ ok: expect.any(Number) })
  expect(p50).toBeGreaterThan(240)
  expect(p50).toBeLessThan(300)
})

it('swallows what a black hole is sent, in either direction', async () => {
  for (const stream of ['upstream', 'downstream'] as const) {
    const { outcomes } = await during(toxic('timeout', { timeout: 0 }, stream))
    expect(outcomes['timeout']).toBeGreaterThan(110)
    expect(outcomes['ok'] ?? 0).toBeLessThan(10)
  }
})

it('closes a connection that a black hole has kept silent, and those that it is taken off', async () => {
  const { outcomes } = await during(toxic('timeout', { timeout: 100 }))
  expect(outcomes['connection_error']).toBeGreaterThan(140)
})

it('resets connections', async () => {
  const { outcomes } = await during(toxic('reset_peer', { timeout: 0 }))
  expect(outcomes['connection_error']).toBeGreaterThan(140)
})

it('carries answers as slowly as a narrow link', async () => {
  // An answer has about 900 bytes: 90 ms at 10 KB/s.
  const { outcomes, p50 } = await during(toxic('bandwidth', { rate: 10 }))
  expect(outcomes).toEqual({ ok: expect.any(Number) })
  expect(p50).toBeGreaterThan(110)
  expect(p50).toBeLessThan(220)
})

it('breaks answers off after so many bytes, and after so much time', async () => {
  const limited = await during(toxic('limit_data', { bytes: 400 }))
  expect(limited.outcomes['connection_error']).toBeGreaterThan(140)
  const shortLived = await during(toxic('limit_time', { time: 30 }))
  expect(shortLived.outcomes['connection_error']).toBeGreaterThan(50)
})

it('hands on whole answers that arrive in slices', async () => {
  const { outcomes, p50 } = await during(toxic('slicer', { average_size: 100, size_variation: 10, delay: 5000 }))
  expect(outcomes).toEqual({ ok: expect.any(Number) })
  expect(p50).toBeGreaterThan(80)
})

it('loses as many answers, or requests, as packet_loss says: nobody hears of them until their time is over', async () => {
  for (const stream of ['upstream', 'downstream'] as const) {
    const { outcomes, evidence } = await during(toxic('packet_loss', { loss_rate: 0.3 }, stream))
    const all = Object.values(outcomes).reduce((total, count) => total + count, 0)
    expect(new Set(Object.keys(outcomes))).toEqual(new Set(['ok', 'timeout']))
    expect(Math.abs(outcomes['timeout']! / all - 0.3)).toBeLessThan(0.12)
    const arrived = evidence.arrivals.filter(({ phase: name }) => name === 'fault').reduce((total, { count }) => total + count, 0)
    expect(Math.abs(arrived - (stream === 'upstream' ? outcomes['ok']! : all))).toBeLessThan(3)
  }
})

it('refuses to guess which pieces of an answer are lost where it is sent in several', async () => {
  const dripped = [faults.drip('gemini', 4, '10ms'), toxic('packet_loss', { loss_rate: 0.3 })]
  await expect(during(...dripped)).rejects.toThrow(
    'packet_loss on the connections of gemini cannot be simulated where answers travel in several pieces; run it live',
  )
})

it('takes the zero value for an attribute that is not written, as a server does', async () => {
  const written = await during(toxic('slicer', { average_size: 100, size_variation: 0, delay: 0 }))
  const { outcomes, p50 } = await during(toxic('slicer', { average_size: 100 }))
  expect({ outcomes, p50 }).toEqual({ outcomes: written.outcomes, p50: written.p50 })
  expect((await during(toxic('jitter', { latency: 100, jitter: 0 }))).p50).toBeGreaterThan(130)
})
