// Toxics whose effect follows from a formula: what the simulation plays is what the formula says.
import { describe, expect, it } from 'vitest'
import { defineUpstream, errorRate, faults, perSecond, phase, reference, scenario } from '../../src/index.ts'
import type { JournalEvent, RequestEvent } from '../../src/evidence/events.ts'
import type { FaultInput } from '../../src/faults/fault-input.ts'
import type { Ms } from '../../src/kernel/clock.ts'
import { planScenario } from '../../src/scenario/plan-scenario.ts'
import { defaultCalibration } from '../../src/simulation/calibration/calibration.ts'
import { Simulation } from '../../src/simulation/simulation.ts'

const BODY = 10_000

/** Answers after 20 ms, with 10,000 bytes. */
const service = defineUpstream(import.meta, {
  name: 'service',
  latency: '20ms',
  routes: {
    get: { method: 'GET', path: '/get', samples: { paths: ['/get'] }, reply: () => ({ body: 'x'.repeat(BODY - 2) }) },
  },
})

/** Twenty seconds under the faults, at a constant rate; in the middle of them nothing begins or ends. */
function played(rate: number, ...during: FaultInput[]): { requests: RequestEvent[]; journal: JournalEvent[] } {
  const written = scenario('formula', {
    story: 'The network is slow for a while.',
    upstreams: { service },
    gateway: reference({ service: { timeout: { attempt: '5s', total: '10s' } } }),
    load: { rate: perSecond(rate), arrivals: 'constant', mix: [service.get()] },
    phases: () => [phase('steady', '2s'), phase('fault', '20s', ...during), phase('after', '2s')],
    criteria: [errorRate().during('steady').below('90%')],
  })
  const plan = planScenario(written, { seed: 5, settings: 'ci', source: 'formula.ts' })
  const cast = { upstreams: new Map([['service', service]]), customFaults: new Map() }
  const journal: JournalEvent[] = []
  const simulation = new Simulation(plan, { cast, calibration: defaultCalibration, run: 'r', write: (event) => void journal.push(event) })
  while (!simulation.advance(1000));
  const requests = journal.filter((event): event is RequestEvent => event.type === 'request')
  return { requests, journal }
}

// The load starts at 1 s.
const inFault = ({ due }: RequestEvent): boolean => due > 3_500 && due < 22_500
const inSteady = ({ due }: RequestEvent): boolean => due < 2_900
const spans = (requests: readonly RequestEvent[]): Ms[] => requests.map(({ sent, t }) => t - sent).toSorted((a, b) => a - b)
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const median = (values: readonly number[]): number => values[values.length >> 1]!
const deviation = (values: readonly number[]): number => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)))

describe('jitter', () => {
  // An eighth of the deviation is more than three standard errors of 950 samples.
  const added = (distribution: 'normal' | 'uniform' | 'pareto' | 'log_normal'): { mean: Ms; median: Ms; deviation: Ms } => {
    const { requests } = played(50, faults.unsteadyNetwork('service', { latencyMs: 300, deviationMs: 40, distribution }))
    const [slow, usual] = [spans(requests.filter(inFault)), spans(requests.filter(inSteady))]
    expect(slow.length).toBeGreaterThan(900)
    return { mean: mean(slow) - mean(usual), median: median(slow) - median(usual), deviation: deviation(slow) }
  }

  it.each(['normal', 'uniform', 'log_normal'] as const)('adds its mean, and spreads by its deviation: %s', (distribution) => {
    const seen = added(distribution)
    expect(Math.abs(seen.mean - 300)).toBeLessThan(5)
    expect(Math.abs(seen.deviation - 40)).toBeLessThan(5)
  })

  it('has the median of the distribution that it names', () => {
    // Of Pareto with shape 3: (2^(1/3) - 3/2) deviations of √(3/4). Of log-normal with σ = 1/2: (1 - e^(1/8)) / √((e^(1/4) - 1) e^(1/4)).
    expect(Math.abs(added('pareto').median - (300 + (40 * (2 ** (1 / 3) - 1.5)) / Math.sqrt(0.75)))).toBeLessThan(5)
    const logNormal = (1 - Math.exp(1 / 8)) / Math.sqrt((Math.exp(1 / 4) - 1) * Math.exp(1 / 4))
    expect(Math.abs(added('log_normal').median - (300 + 40 * logNormal))).toBeLessThan(5)
  })
})

describe('shared_bandwidth', () => {
  const KILOBYTES = 500
  // An answer has a head of some 200 bytes too.
  const answerMs = (BODY + 200) / KILOBYTES

  it('holds each answer back as long as the link takes for it, while there is room', () => {
    const { requests } = played(25, faults.sharedLink('service', KILOBYTES))
    const added = median(spans(requests.filter(inFault))) - median(spans(requests.filter(inSteady)))
    expect(Math.abs(added - answerMs)).toBeLessThan(1)
  })

  it('carries its rate for all connections together, and no more: what comes above it waits ever longer', () => {
    // At 60 a second, and about 49 that fit, the queue grows by 1 - 49/60 of a second each second.
    const { requests } = played(60, faults.sharedLink('service', KILOBYTES))
    const carried = requests.filter(({ t, outcome }) => outcome === 'ok' && t > 6_000 && t < 16_000).length
    expect(Math.abs(carried / 10 / (1000 / answerMs) - 1)).toBeLessThan(0.03)
    const waitOf = (at: Ms): Ms => mean(spans(requests.filter(({ due }) => Math.abs(due - at) < 300)))
    const growth = (waitOf(13_000) - waitOf(8_000)) / 5_000
    expect(Math.abs(growth - (60 / (1000 / answerMs) - 1))).toBeLessThan(0.02)
  })

  it('is felt by all connections, where the same bandwidth for each of them is not', () => {
    const each = played(60, faults.toxic('service', 'bandwidth', { rate: KILOBYTES }))
    const added = median(spans(each.requests.filter(inFault))) - median(spans(each.requests.filter(inSteady)))
    expect(Math.abs(added - answerMs)).toBeLessThan(1)
  })
})

describe('slow_close', () => {
  const slowClose = (stream: 'upstream' | 'downstream'): FaultInput => faults.toxic('service', 'slow_close', { delay: 400 }, { stream })

  it('leaves answers alone, and passes a broken connection on by its delay later', () => {
    const healthy = played(25, slowClose('downstream')).requests
    expect(Math.abs(median(spans(healthy.filter(inFault))) - median(spans(healthy.filter(inSteady))))).toBeLessThan(1)
    const broken = (...during: FaultInput[]): RequestEvent[] => played(25, faults.disconnect('service'), ...during).requests.filter(inFault)
    const [quick, late] = [broken(), broken(slowClose('downstream'))]
    expect(new Set([...quick, ...late].map(({ outcome }) => outcome))).toEqual(new Set(['connection_error']))
    expect(Math.abs(median(spans(late)) - median(spans(quick)) - 400)).toBeLessThan(2)
  })

  it('lets an upstream hear by its delay later that the gateway has given up', () => {
    const heard = (...during: FaultInput[]): Ms => {
      const { journal } = played(25, faults.hang('service'), ...during)
      const arrived = new Map(journal.flatMap((event) => (event.type === 'arrival' ? [[event.ordinal, event.t] as const] : [])))
      const gone = journal.flatMap((event) =>
        event.type === 'departure' && event.clientGone ? [event.t - arrived.get(event.ordinal)!] : [],
      )
      expect(gone.length).toBeGreaterThan(300)
      return median(gone.toSorted((a, b) => a - b))
    }
    expect(Math.abs(heard() - 5_000)).toBeLessThan(3)
    expect(Math.abs(heard(slowClose('upstream')) - 5_400)).toBeLessThan(3)
  })
})
