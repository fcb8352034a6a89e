// Each fault of connections on a small plan: what it does to requests is what it does live.
import { expect, it } from 'vitest'
import { gemini } from '../../fake-upstreams/gemini.ts'
import { errorRate, faults, perSecond, phase, reference, scenario } from '../../src/index.ts'
import type { JournalEvent } from '../../src/evidence/events.ts'
import type { Evidence } from '../../src/evidence/evidence.ts'
import { spanAtQuantile } from '../../src/evidence/latency-histogram.ts'
import type { FaultInput, NetworkFaultInput } from '../../src/faults/fault-input.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { planScenario } from '../../src/scenario/plan-scenario.ts'
import { defaultCalibration } from '../../src/simulation/calibration/calibration.ts'
import { loadCast, simulate } from '../../src/simulation/simulate.ts'
import { Simulation } from '../../src/simulation/simulation.ts'

function planWith(given: readonly FaultInput[], { seed = 5, rate = 50 } = {}): Plan {
  const written = scenario('short', {
    story: 'The network before Gemini fails for a moment.',
    upstreams: { gemini },
    gateway: reference({ gemini: { timeout: { attempt: '500ms', total: '1s' } } }),
    load: { rate: perSecond(rate), mix: [gemini.generateContent({ weight: 1 })] },
    phases: () => [phase('steady', '2s'), phase('fault', '3s', ...given), phase('recovery', '2s')],
    criteria: [errorRate().during('steady').below('90%')],
  })
  return planScenario(written, { seed, settings: 'ci', source: 'short.ts' })
}

async function journalOf(...given: FaultInput[]): Promise<JournalEvent[]> {
  const plan = planWith(given)
  const journal: JournalEvent[] = []
  const write = (event: JournalEvent): void => void journal.push(event)
  const simulation = new Simulation(plan, { cast: await loadCast(plan), calibration: defaultCalibration, run: 'r', write })
  while (!simulation.advance(1000));
  return journal
}

async function during(...given: FaultInput[]): Promise<{ outcomes: Record<string, number>; p50: number; evidence: Evidence }> {
  const plan = planWith(given)
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

it('breaks what a killed upstream works on, takes and closes connections while it is away, and has it back at the end', async () => {
  const { outcomes, evidence } = await during(faults.killed('gemini'))
  expect(outcomes['connection_error']).toBeGreaterThan(140)
  expect(outcomes['ok'] ?? 0).toBeLessThan(3)
  const arrivalsIn = (name: string) =>
    evidence.arrivals.filter(({ phase: each }) => each === name).reduce((total, { count }) => total + count, 0)
  expect(arrivalsIn('fault')).toBeLessThan(3)
  expect(arrivalsIn('recovery')).toBeGreaterThan(80)
})

it('tells what a killed upstream did not answer as broken off, and keeps none of it at work', async () => {
  const journal = await journalOf(faults.killed('gemini'), faults.hang('gemini'))
  const of = <Kind extends JournalEvent['type']>(kind: Kind) =>
    journal.filter((event): event is Extract<JournalEvent, { type: Kind }> => event.type === kind)
  const broken = of('departure').filter(({ brokenOff }) => brokenOff)
  expect(broken.length).toBeGreaterThan(0)
  expect(broken.every(({ whole, clientGone, status }) => !whole && !clientGone && status === 0)).toBe(true)
  expect(of('departure')).toHaveLength(of('arrival').length)
  const edges = of('connection')
  expect(edges.filter(({ edge }) => edge === 'opened').length - edges.filter(({ edge }) => edge === 'closed').length).toBeLessThan(30)
  // What nobody read from its connection nobody has seen.
  expect(of('attempt').filter(({ t }) => t > 3_200 && t < 5_800)).toEqual([])
})

it('closes a connection behind the answer that closed_after counts to: the answer is whole, and few are taken again before', async () => {
  const { outcomes } = await during(faults.closedAfter('gemini', 1))
  expect(outcomes['ok']).toBeGreaterThan(140)
  expect(outcomes['connection_error'] ?? 0).toBeLessThan(4)
  const opened = async (answers: number): Promise<number> =>
    (await journalOf(faults.closedAfter('gemini', answers))).filter(
      (event) => event.type === 'connection' && event.edge === 'opened' && event.t > 3_100 && event.t < 6_000,
    ).length
  const [each, fifth] = [await opened(1), await opened(5)]
  expect(each).toBeGreaterThan(130)
  expect(Math.abs(fifth / each - 0.2)).toBeLessThan(0.1)
})

it('lets a request fail that takes a connection which is being closed, as one in eighty live at 200 requests a second', async () => {
  let [failed, all] = [0, 0]
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const plan = planWith([faults.closedAfter('gemini', 1)], { seed, rate: 200 })
    for (const { phase: name, outcome, count } of simulate(plan, { cast: await loadCast(plan) }).requests) {
      if (name !== 'fault') continue
      all += count
      if (outcome === 'connection_error') failed += count
    }
  }
  expect(all).toBeGreaterThan(3_000)
  expect(Math.abs(failed / all - 1 / 80)).toBeLessThan(0.006)
})
