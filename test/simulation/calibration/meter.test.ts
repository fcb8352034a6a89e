// What the meter finds in a journal is what the simulation put into it; what it cannot know is the default's.
import { beforeAll, describe, expect, it } from 'vitest'
import { gemini } from '../../../fake-upstreams/gemini.ts'
import { jira } from '../../../fake-upstreams/jira.ts'
import { errorRate, perSecond, phase, reference, scenario, status, warmUp } from '../../../src/index.ts'
import type { JournalEvent } from '../../../src/evidence/events.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { planScenario } from '../../../src/scenario/plan-scenario.ts'
import { type Calibration, defaultCalibration, legs, spanAt } from '../../../src/simulation/calibration/calibration.ts'
import { type MeasuredCalibration, calibrationMeter } from '../../../src/simulation/calibration/meter.ts'
import { loadCast } from '../../../src/simulation/simulate.ts'
import { Simulation } from '../../../src/simulation/simulation.ts'

const outage = scenario('outage', {
  story: 'Gemini fails again and again.',
  upstreams: { gemini },
  gateway: reference({ gemini: { retry: { attempts: 3 } } }),
  load: { rate: perSecond(100), mix: [gemini.generateContent(), gemini.streamGenerateContent()] },
  phases: () => [
    warmUp('1s'),
    phase('steady', '20s'),
    ...Array.from({ length: 12 }, (_, at) => phase(`outage ${at}`, '500ms', status('gemini', 503))),
  ],
  criteria: [errorRate().during('steady').below('90%')],
})
const plan = planScenario(outage, { seed: 3, settings: 'ci', source: 'outage.ts' })

/** A machine that is slow in a way of its own at every place. */
const slow: Calibration = {
  ...defaultCalibration,
  late: spread(2),
  toGateway: spread(5),
  toUpstream: spread(3),
  timer: spread(1),
  fromUpstream: spread(5.7),
  toClient: spread(4.3),
  fault: spread(20),
}

function spread(median: number): number[] {
  return [0.5, 0.6, 0.8, 1, 1.2, 1.4, 1.5, 1.6, 1.7, 1.8].map((part) => part * median)
}

async function journalOf(asked: Plan, calibration: Calibration): Promise<JournalEvent[]> {
  const journal: JournalEvent[] = []
  const cast = await loadCast(asked)
  const simulation = new Simulation(asked, { cast, calibration, run: 'r', write: (event) => void journal.push(event) })
  while (!simulation.advance(1000));
  return journal
}

async function measure(asked: Plan, journal: readonly JournalEvent[]): Promise<MeasuredCalibration> {
  const meter = calibrationMeter(asked, (await loadCast(asked)).upstreams)
  for (const event of journal) meter.add(event)
  return meter.result()
}

describe('a run of the reference gateway', () => {
  let measured: MeasuredCalibration
  let journal: JournalEvent[]
  beforeAll(async () => {
    journal = await journalOf(plan, slow)
    measured = await measure(plan, journal)
  })

  it.each(['late', 'toGateway', 'toUpstream', 'timer', 'fault'] as const)('tells the spans of %s at every share', (leg) => {
    expect(measured.samples[leg]).toBeGreaterThan(20)
    for (const share of [0.05, 0.5, 0.9])
      expect(Math.abs(spanAt(measured.calibration[leg], share) / spanAt(slow[leg], share) - 1)).toBeLessThan(leg === 'fault' ? 0.3 : 0.1)
  })

  it('tells the whole way back, split as the default has it', () => {
    const { fromUpstream, toClient } = measured.calibration
    expect(spanAt(fromUpstream, 0.5) / (spanAt(fromUpstream, 0.5) + spanAt(toClient, 0.5))).toBeCloseTo(0.57, 2)
    expect(spanAt(fromUpstream, 0.5) + spanAt(toClient, 0.5)).toBeGreaterThan(9)
    expect(spanAt(fromUpstream, 0.5) + spanAt(toClient, 0.5)).toBeLessThan(11)
  })

  it('takes no time that a slow client needs to send for a part of the way', async () => {
    const mix = plan.load.mix.map((route, at) => (at === 0 ? { ...route, weight: 4 } : { ...route, weight: 1, sendOverMs: 500 }))
    const withSlow = { ...plan, load: { ...plan.load, mix } }
    const { calibration } = await measure(withSlow, await journalOf(withSlow, slow))
    expect(Math.abs(spanAt(calibration.toGateway, 0.99) / spanAt(slow.toGateway, 0.99) - 1)).toBeLessThan(0.1)
  })

  it('is the same whatever the order in which the roles are heard', async () => {
    const byRole = (types: readonly string[]) => journal.filter(({ type }) => types.includes(type))
    const others = ['arrival', 'departure']
    const [run, ...rest] = journal
    const turned = [run!, ...byRole(others), ...rest.filter(({ type }) => !others.includes(type))]
    expect(await measure(plan, turned)).toEqual(measured)
  })

  it('looks at nothing from the first fault on, but at how soon faults act', async () => {
    const firstFault = plan.faults[0]!.startMs + 1000
    const later = journal.map((event) =>
      event.type === 'request' && event.due >= firstFault ? { ...event, sent: event.sent + 900, t: event.t + 900 } : event,
    )
    expect(await measure(plan, later)).toEqual(measured)
  })

  it('keeps the default of what it has too few spans of', async () => {
    const { calibration, samples } = measured
    expect({ connect: samples.connect, gatewayWork: samples.gatewayWork }).toEqual({ connect: 0, gatewayWork: 0 })
    expect(calibration.connect).toEqual(defaultCalibration.connect)
    expect(calibration.gatewayWork).toBe(defaultCalibration.gatewayWork)
    const nothing = await measure(plan, journal.slice(0, 200))
    expect(nothing.calibration).toEqual(defaultCalibration)
    expect(new Set(Object.values(nothing.samples))).toEqual(new Set([0]))
    expect(Object.keys(nothing.samples).toSorted()).toEqual([...legs, 'gatewayWork'].toSorted())
  })

  it('tells what the gateway takes of a processor for a request', async () => {
    const [run, ...rest] = journal
    const origin = run!.t
    const health = Array.from({ length: 15 }, (_, at): JournalEvent => ({
      type: 'health',
      t: origin + 3000 + at * 1000,
      role: 'gateway',
      cpu: 0.05,
    }))
    const { calibration, samples } = await measure(plan, [run!, ...health, ...rest])
    expect(samples.gatewayWork).toBe(15)
    expect(calibration.gatewayWork).toBeCloseTo(0.5, 1)
  })
})

it('does not take a route that asks several upstreams for a way to one', async () => {
  const several = planScenario(
    scenario('several', {
      story: 'Each request asks two.',
      upstreams: { gemini, jira },
      gateway: reference({ gemini: {}, jira: {} }),
      load: { rate: perSecond(100), mix: [gemini.generateContent()] },
      phases: () => [phase('steady', '5s')],
      criteria: [errorRate().during('steady').below('90%')],
    }),
    { seed: 3, settings: 'ci', source: 'several.ts' },
  )
  const journal = await journalOf(several, slow)
  const [route] = several.load.mix
  const both = { ...several, load: { ...several.load, mix: [{ ...route!, reaches: [{ upstream: 'gemini' }, { upstream: 'jira' }] }] } }
  expect((await measure(several, journal)).samples.toGateway).toBeGreaterThan(400)
  expect((await measure(both, journal)).samples.toGateway).toBe(0)
  // Nor a queue of the gateway's for a part of the way.
  const waits = { ...several.gateway.upstreams['gemini']!, bulkhead: { concurrent: 5, queue: 100 } }
  const queued = { ...several, gateway: { upstreams: { ...several.gateway.upstreams, gemini: waits } } }
  expect((await measure(queued, journal)).samples.toGateway).toBe(0)
})
