import { expect, it } from 'vitest'
import geminiOutage from '../../scenarios/gemini-outage.ts'
import { gemini } from '../../fake-upstreams/gemini.ts'
import { errorRate, perSecond, phase, reference, scenario, status } from '../../src/index.ts'
import type { JournalEvent } from '../../src/evidence/events.ts'
import { createFold } from '../../src/evidence/fold/fold.ts'
import { judge } from '../../src/judge/judge.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { planScenario } from '../../src/scenario/plan-scenario.ts'
import { defaultCalibration } from '../../src/simulation/calibration/calibration.ts'
import { requestIdPrefix } from '../../src/simulation/run-id.ts'
import { loadCast, simulate } from '../../src/simulation/simulate.ts'
import { Simulation } from '../../src/simulation/simulation.ts'

const short = scenario('short', {
  story: 'Gemini fails for a moment.',
  upstreams: { gemini },
  gateway: reference({ gemini: { breaker: { failures: 3, recovery: '1s' }, retry: { attempts: 3 }, fallback: 'cached' } }),
  load: { rate: perSecond(50), mix: [gemini.generateContent(), gemini.getModel({ idempotencyKey: true }), gemini.streamGenerateContent()] },
  phases: () => [phase('steady', '3s'), phase('outage', '3s', status('gemini', 503)), phase('recovery', '4s')],
  criteria: [errorRate().during('steady').below('90%')],
})
const planOf = (seed: number): Plan => planScenario(short, { seed, settings: 'ci', source: 'short.ts' })

async function journalOf(plan: Plan, calibration = defaultCalibration): Promise<JournalEvent[]> {
  const journal: JournalEvent[] = []
  const write = (event: JournalEvent): void => void journal.push(event)
  const simulation = new Simulation(plan, { cast: await loadCast(plan), calibration, run: requestIdPrefix(plan.seed, 1), write })
  // In slices, as the stage does it.
  while (!simulation.advance(1000));
  write({ type: 'end', t: simulation.now, reason: 'complete' })
  return journal
}

it('passes gemini-outage, as the live stage does: the same criteria, and a breaker that opens, probes twice and closes', async () => {
  const plan = planScenario(geminiOutage, { seed: 42, settings: 'ci', source: 'scenarios/gemini-outage.ts' })
  const evidence = simulate(plan, { cast: await loadCast(plan) })
  const { result, counts, why } = judge(plan, evidence)
  expect({ result, counts, why }).toEqual({ result: 'pass', counts: { pass: plan.criteria.length, fail: 0, inconclusive: 0 }, why: [] })
  expect(evidence.transitions.map(({ from, to, cause }) => `${from} ${to} ${cause}`)).toEqual([
    'closed open failures',
    'open half_open recovery_elapsed',
    'half_open open probe_failed',
    'open half_open recovery_elapsed',
    'half_open closed probes_succeeded',
  ])
})

it('gives the same journal for the same seed and calibration, byte for byte, and another one for another of either', async () => {
  const text = async (...of: Parameters<typeof journalOf>): Promise<string> =>
    (await journalOf(...of)).map((event) => JSON.stringify(event)).join('\n')
  const slower = { ...defaultCalibration, toClient: defaultCalibration.toClient.map((span) => span + 1) }
  const [first, again, otherSeed, otherMachine] = [
    await text(planOf(1)),
    await text(planOf(1)),
    await text(planOf(2)),
    await text(planOf(1), slower),
  ]
  expect(again === first).toBe(true)
  expect(first.length).toBeGreaterThan(100_000)
  expect(otherSeed === first).toBe(false)
  expect(otherMachine === first).toBe(false)
})

it('tallies what it would write: the evidence is that of the journal', async () => {
  const plan = planOf(3)
  const fold = createFold(plan)
  for (const event of await journalOf(plan)) fold.add(event)
  expect(simulate(plan, { cast: await loadCast(plan) })).toEqual(fold.result())
})

it('tells each role in order of time, and each request, attempt and answer of a run that ended once', async () => {
  const plan = planOf(4)
  const journal = await journalOf(plan)
  const of = <Kind extends JournalEvent['type']>(kind: Kind) =>
    journal.filter((event): event is Extract<JournalEvent, { type: Kind }> => event.type === kind)
  const planned = plan.phases.reduce((total, { expected }) => total + expected, 0)
  expect(
    of('request')
      .map(({ index }) => index)
      .toSorted((a, b) => a - b),
  ).toEqual(Array.from({ length: planned }, (_, index) => index))
  for (const upstream of Object.keys(plan.upstreams)) {
    const arrivals = of('arrival').filter((each) => each.upstream === upstream)
    expect(arrivals.map(({ ordinal }) => ordinal)).toEqual(arrivals.map((_, ordinal) => ordinal))
    expect(new Set(of('departure').flatMap((each) => (each.upstream === upstream ? [each.ordinal] : []))).size).toBe(arrivals.length)
  }
  for (const kinds of [
    ['request', 'load'],
    ['arrival', 'departure', 'sockets'],
    ['phase', 'fault'],
  ]) {
    const times = journal.filter(({ type }) => kinds.includes(type)).map(({ t }) => t)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  }
})
