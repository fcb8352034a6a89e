// Clients that send slowly: what the gateway takes of them, and when it cuts them off.
import { expect, it } from 'vitest'
import { defineUpstream, errorRate, perSecond, phase, reference, scenario } from '../../src/index.ts'
import type { JournalEvent, RequestEvent } from '../../src/evidence/events.ts'
import type { PlannedRoute } from '../../src/plan/plan.ts'
import { planScenario } from '../../src/scenario/plan-scenario.ts'
import { defaultCalibration } from '../../src/simulation/calibration/calibration.ts'
import { Simulation } from '../../src/simulation/simulation.ts'

/** Answers after 20 ms. */
const service = defineUpstream(import.meta, {
  name: 'service',
  latency: '20ms',
  routes: { put: { method: 'POST', path: '/put', samples: { bodies: [{ text: 'x'.repeat(80) }] }, reply: () => ({ body: 'done' }) } },
})

function played(slow: Partial<PlannedRoute>, { timeout = '10s', inFlight = 1000, body = 'x'.repeat(80) } = {}) {
  const written = scenario('slow', {
    story: 'Clients are slow.',
    upstreams: { service },
    gateway: reference({
      service: { timeout: { attempt: '1s', total: '2s' } },
      server: { bodyTimeout: '3s', headTimeout: '3s', inFlight },
    }),
    load: { rate: perSecond(20), timeout, mix: [service.put()] },
    phases: () => [phase('steady', '20s')],
    criteria: [errorRate().during('steady').below('90%')],
  })
  const plan = planScenario(written, { seed: 5, settings: 'ci', source: 'slow.ts' })
  const mix = plan.load.mix.map((route) => ({ ...route, bodies: [{ text: body }], ...slow }))
  const cast = { upstreams: new Map([['service', service]]), customFaults: new Map() }
  const journal: JournalEvent[] = []
  const write = (event: JournalEvent): void => void journal.push(event)
  const simulation = new Simulation({ ...plan, load: { ...plan.load, mix } }, { cast, calibration: defaultCalibration, run: 'r', write })
  while (!simulation.advance(1000));
  const requests = journal.filter((event): event is RequestEvent => event.type === 'request')
  const spans = requests.map(({ t, sent }) => t - sent).toSorted((a, b) => a - b)
  const ends = new Set(
    requests.map(({ outcome, status, error }) => [outcome, status, error].filter((each) => each !== undefined).join(' ')),
  )
  const count = (type: JournalEvent['type']): number => journal.filter((event) => event.type === type).length
  expect(requests.length).toBeGreaterThan(300)
  return { requests, spans, ends, median: spans[spans.length >> 1]!, arrivals: count('arrival'), departures: count('departure') }
}

it('asks the upstream when a body is whole: after its span, and fifty timers that are each a little late', () => {
  const { median, ends, arrivals, requests } = played({ sendOverMs: 1000 })
  expect(ends).toEqual(new Set(['ok 200']))
  expect(arrivals).toBe(requests.length)
  const timers = 50 * 0.85
  expect(Math.abs(median - (1000 + timers + 20 + 2))).toBeLessThan(10)
})

it('cuts off a body that does not arrive in its time, a step after it at most, and no upstream hears of it', () => {
  const { spans, ends, arrivals } = played({ sendOverMs: 30_000 })
  expect(ends).toEqual(new Set(['upstream_error 408 request_timeout']))
  expect(arrivals).toBe(0)
  expect(spans[0]).toBeGreaterThan(3000)
  expect(spans.at(-1)).toBeLessThan(3300)
})

it('gives a large body a second for each 500 bytes that have come', () => {
  const { ends } = played({ sendOverMs: 4000 }, { body: 'x'.repeat(2000) })
  expect(ends).toEqual(new Set(['ok 200']))
})

it('asks the upstream when a head is whole', () => {
  const { median, ends } = played({ sendHeadOverMs: 1000 })
  expect(ends).toEqual(new Set(['ok 200']))
  expect(Math.abs(median - (1000 + 49 * 0.85 + 20 + 3))).toBeLessThan(10)
})

it('cuts off a head that is late when Node looks for such next: at any time of the quarter behind it', () => {
  const { spans, ends, arrivals } = played({ sendHeadOverMs: 30_000 })
  expect(ends).toEqual(new Set(['upstream_error 408 request_timeout']))
  expect(arrivals).toBe(0)
  expect(spans[0]).toBeGreaterThan(3000)
  expect(spans.at(-1)).toBeLessThan(3760)
  expect(spans.at(-1)! - spans[0]!).toBeGreaterThan(700)
})

it('counts a request whose body is still being sent as in flight, and one whose head is not', () => {
  const bodies = played({ sendOverMs: 30_000 }, { inFlight: 10 })
  expect(bodies.ends).toEqual(new Set(['upstream_error 408 request_timeout', 'shed 503 in_flight_cap']))
  const heads = played({ sendHeadOverMs: 30_000 }, { inFlight: 10 })
  expect(heads.ends).toEqual(new Set(['upstream_error 408 request_timeout']))
})

it('lets go of a client that has gone while it was sending', () => {
  for (const slow of [{ sendOverMs: 2_500 }, { sendHeadOverMs: 2_500 }]) {
    const { ends, arrivals } = played(slow, { timeout: '1s', inFlight: 30 })
    expect(ends).toEqual(new Set(['client_timeout 0 client_timeout']))
    expect(arrivals).toBe(0)
  }
})
