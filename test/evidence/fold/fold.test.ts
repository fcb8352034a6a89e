import type { GatecrashError } from '../../../src/kernel/errors.ts'
import { setFlagsFromString } from 'node:v8'
import type { RoleHealth } from '../../../src/evidence/events/health.ts'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import type { Evidence } from '../../../src/evidence/evidence.ts'
import type { BreakerState } from '../../../src/contract/breaker-events.ts'
import type { JournalEvent } from '../../../src/evidence/events.ts'
import { foldJournal } from '../../../src/evidence/fold/fold.ts'
import { spanAtQuantile } from '../../../src/evidence/latency-histogram.ts'
import { seriesPoints } from '../../../src/evidence/time-series.ts'
import { seededRandom } from '../../../src/kernel/random.ts'
import { type Answer, ORIGIN, type Story, evidenceOf, healthyGemini, journalOf, ok, outage, planOf } from '../../judge/history.ts'

const plan = planOf()
const at = (t: number): number => ORIGIN + t

/** Comparable: a histogram writes itself as its summary. */
const plain = (evidence: Evidence): unknown => JSON.parse(JSON.stringify(evidence))

/** The same lines, each role's in their order, the roles woven together by chance; the run line stays first. */
function woven(events: readonly JournalEvent[], seed: number): JournalEvent[] {
  const roleOf = ({ type }: JournalEvent): string =>
    type === 'request' || type === 'load' ? 'load' : ['arrival', 'departure', 'sockets'].includes(type) ? 'upstreams' : type
  const random = seededRandom(seed)
  const [run, ...rest] = events
  const inOrder = (lines: JournalEvent[]): JournalEvent[] => lines.toSorted((a, b) => b.t - a.t)
  const queues = [...Map.groupBy(rest, roleOf).values()].map(inOrder)
  const out = [run!]
  while (queues.length > 0) {
    const from = random.integer(queues.length)
    out.push(queues[from]!.pop()!)
    if (queues[from]!.length === 0) queues.splice(from, 1)
  }
  return out
}

it('does not depend on how the lines of different roles are interleaved', async () => {
  const story: Story = {
    also: [
      { type: 'health', t: 4000, role: 'load', loopDelayMax: 5, cpu: 0.2 },
      { type: 'load', t: 4000, due: 800, sent: 800, ended: 790, inFlight: 10 },
      { type: 'sockets', t: 4000, upstream: 'gemini', open: 7 },
      { type: 'note', t: 4100, code: 'events_lost', text: 'lost' },
    ],
  }
  const events = [...journalOf(story, plan)]
  const straight = plain(foldJournal(events, plan))
  for (const seed of [1, 2, 3]) expect(plain(foldJournal(woven(events, seed), plan))).toEqual(straight)
})

it('counts requests in the phase in which they were due, and arrivals in the phase of their request', async () => {
  const slow: Story = {
    gemini: (dueMs) => (dueMs > 11_900 && dueMs < 12_000 ? { ...ok, latencyMs: 5000, attempts: 900 } : ok),
    breaker: [],
  }
  const evidence = await evidenceOf(slow)
  const repeats = evidence.arrivals.filter(({ byAttempt }) => byAttempt.length > 2)
  expect(repeats.map(({ phase }) => phase)).toEqual(['steady'])
  const steady = evidence.requests.find(({ phase, route }) => phase === 'steady' && route === 'gemini.generate')!
  expect(spanAtQuantile(steady.latency, 1)).toBeCloseTo(5000, -1)
  const sum = (phase: string): number =>
    evidence.requests.filter((cell) => cell.phase === phase).reduce((total, { count }) => total + count, 0)
  expect(['warm-up', 'steady', 'outage', 'recovery'].map(sum)).toEqual([400, 2000, 2000, 7600])
})

it('knows exactly how many requests were planned', async () => {
  const { planned, requests } = await evidenceOf()
  for (const { phase, route, requests: count } of planned)
    expect(requests.filter((cell) => cell.phase === phase && cell.route === route).reduce((total, cell) => total + cell.count, 0)).toBe(
      count,
    )
  expect(planned.reduce((total, { requests: count }) => total + count, 0)).toBe(12_000)
})

it('puts arrivals with a foreign id into the phase in which they arrived', async () => {
  const events: JournalEvent[] = [...journalOf({ gemini: () => ({ ...ok, anonymous: true }), breaker: [] }, plan)]
  const evidence = foldJournal(events, plan)
  const inOutage = evidence.arrivals.find(({ phase, upstream }) => phase === 'outage' && upstream === 'gemini')!
  expect(inOutage.byAttempt).toEqual([1007])
})

it('takes a request fault to have bitten at its first arrival, and a network fault when the probe felt it', async () => {
  const network = { ...outage, id: 'F2', fault: { made: 'network', is: 'down' } as const }
  const evidence = await evidenceOf({
    plan: { faults: [outage, network] },
    also: [{ type: 'fault', t: 12_050, fault: 'F2', edge: 'bite' }],
    faultSeen: false,
  })
  expect(evidence.faults).toMatchObject([
    { id: 'F1', bitMs: null, hits: 0 },
    { id: 'F2', requestedMs: 12_000, acknowledgedMs: 12_005, bitMs: 12_050, clearRequestedMs: 22_000, clearedMs: 22_000 },
  ])
  const seen = await evidenceOf()
  expect(seen.faults[0]).toMatchObject({ bitMs: expect.closeTo(12_014.5, 3), hits: 10 })
})

it('keeps service time apart from lateness', async () => {
  const { requests, lateness } = await evidenceOf({ gemini: () => ({ ...ok, lateMs: 30, latencyMs: 80 }), breaker: [] })
  const cell = requests.find(({ phase, route }) => phase === 'steady' && route === 'gemini.generate')!
  expect(spanAtQuantile(cell.latency, 0.5)).toBeCloseTo(80, 0)
  expect(spanAtQuantile(cell.service, 0.5)).toBeCloseTo(50, 0)
  expect(spanAtQuantile(lateness['steady']!, 1)).toBeCloseTo(30, 0)
})

it('keeps of a gateway that ran before only the state in which its breaker was when the load began', async () => {
  const turned = (t: number, from: BreakerState, to: BreakerState, sequence: number): JournalEvent => ({
    type: 'transition',
    t,
    upstream: 'gemini',
    from,
    to,
    cause: '',
    sequence,
  })
  const before = [turned(-900, 'closed', 'open', 1), turned(-800, 'open', 'half_open', 2), turned(-700, 'half_open', 'closed', 3)]
  const healed = await evidenceOf({ breaker: [], also: [...before, turned(100, 'closed', 'open', 4)] })
  expect(healed.transitions).toMatchObject([{ atMs: 100, to: 'open' }])
  const open = await evidenceOf({ breaker: [], also: before.slice(0, 1) })
  expect(open.transitions).toMatchObject([{ atMs: -900, to: 'open' }])
})

it('hears a transition once, however often it is told', async () => {
  const told: JournalEvent = {
    type: 'transition',
    t: 12_100,
    upstream: 'gemini',
    from: 'closed',
    to: 'open',
    cause: 'failures',
    sequence: 1,
    failures: 5,
    threshold: 5,
  }
  const evidence = await evidenceOf({ breaker: [], also: [told, told, { ...told, t: 17_100, from: 'open', to: 'half_open', sequence: 2 }] })
  expect(evidence.transitions).toEqual([
    { atMs: 12_100, upstream: 'gemini', from: 'closed', to: 'open', cause: 'failures', sequence: 1, failures: 5, threshold: 5 },
    expect.objectContaining({ atMs: 17_100, to: 'half_open' }),
  ])
})

it('remembers the worst of health, the last and the most of sockets, who died, and how it ended', async () => {
  const evidence = await evidenceOf({
    also: [
      { type: 'health', t: 3100, role: 'load', loopDelayP99: 2, loopDelayMax: 5, cpu: 0.2, rssBytes: 100 },
      { type: 'health', t: 4000, role: 'load', loopDelayP99: 1, loopDelayMax: 9, cpu: 0.4, rssBytes: 90, descriptors: 30 },
      { type: 'health', t: 4000, role: 'machine', stolen: 0.1 },
      { type: 'health', t: 5000, role: 'machine', stolen: 0.4 },
      { type: 'sockets', t: 3000, upstream: 'gemini', open: 40 },
      { type: 'sockets', t: 59_000, upstream: 'gemini', open: 12 },
      { type: 'load', t: 3000, due: 600, sent: 600, ended: 580, inFlight: 20 },
      { type: 'load', t: 4000, due: 800, sent: 800, ended: 795, inFlight: 5 },
      { type: 'process', t: 50_000, role: 'gateway', edge: 'exited', code: null, signal: 'SIGKILL', unexpected: true },
    ],
  })
  expect(evidence.health).toEqual([
    {
      role: 'load',
      phase: 'steady',
      samples: 2,
      loopDelayP99: 2,
      loopDelayMax: 9,
      stalls: [],
      starved: [],
      cpuMean: expect.closeTo(0.3),
      cpuMax: 0.4,
      rssFirstBytes: 100,
      rssLastBytes: 90,
      rssMaxBytes: 100,
      rssMinBytes: 90,
      cores: null,
      descriptorsMin: 30,
      stolenMean: null,
    },
    expect.objectContaining({ role: 'machine', phase: 'steady', samples: 2, cpuMean: null, stolenMean: 0.25 }) as RoleHealth,
  ])
  expect(evidence.sockets[1]).toEqual({ upstream: 'gemini', last: 12, most: 40 })
  expect(evidence.load).toEqual({ due: 800, sent: 800, ended: 795, mostInFlight: 20 })
  expect(evidence.processes).toEqual([
    { role: 'gateway', atMs: 50_000, edge: 'exited', unexpected: true, code: null, signal: 'SIGKILL', stderr: '' },
  ])
  expect(evidence.end).toEqual({ reason: 'complete', atMs: 60_100 })
})

it('lets a stall count in every phase that it may have been in', async () => {
  // Told at 13 s, in the outage that began at 12 s: it may have begun at 9 s.
  const evidence = await evidenceOf({ also: [{ type: 'health', t: 13_000, role: 'upstreams', loopDelayMax: 3000, cpu: 0.2 }] })
  const seen = evidence.health.filter(({ role }) => role === 'upstreams')
  const stalls = [{ fromMs: 9000, toMs: 13_000, lastsMs: 3000 }]
  expect(seen).toMatchObject([
    { phase: 'outage', loopDelayMax: 3000, samples: 1, stalls },
    { phase: 'steady', loopDelayMax: 3000, samples: 0, stalls },
  ])
})

it('draws latencies on a quarter-second axis, without points where there was nothing', async () => {
  const { series } = await evidenceOf({ gemini: (dueMs) => (dueMs >= 20_000 && dueMs < 21_000 ? 'not sent' : healthyGemini(dueMs)) })
  const points = seriesPoints(series, { upstream: 'gemini' })
  expect(points.filter(({ fromMs }) => fromMs >= 20_000 && fromMs < 21_000)).toEqual([])
  expect(points.reduce((total, { count }) => total + count, 0)).toBe(5977 - 101)
  const seconds = seriesPoints(series, { upstream: 'assemblyai', outcomes: ['ok'], merge: 4 })
  expect(seconds[5]).toMatchObject({ fromMs: 5000, toMs: 6000, p50: expect.closeTo(50, 0), p99: expect.closeTo(50, 0) })
})

const refusalOf = (events: readonly JournalEvent[], of = plan): GatecrashError => {
  try {
    foldJournal(events, of)
  } catch (error) {
    return error as GatecrashError
  }
  throw new Error('the journal was folded')
}

it('asks for a run line', () => {
  expect(refusalOf([]).code).toBe('invalid_bundle')
  expect(refusalOf([{ type: 'phase', t: 1, phase: 'steady', edge: 'start' }]).code).toBe('invalid_bundle')
})

it('takes no journal for one run that is of two, or of another plan', () => {
  const events = [...journalOf({}, plan)]
  expect(refusalOf([...events, ...events])).toMatchObject({ code: 'invalid_bundle', message: expect.stringContaining('two run lines') })
  for (const other of [{ seed: 8 }, { scenario: 'steady' }])
    expect(refusalOf(events, { ...plan, ...other })).toMatchObject({
      code: 'invalid_bundle',
      message: expect.stringContaining('they are not of one run'),
    })
})

it('says that a journal without an end was cut, and where', async () => {
  expect((await evidenceOf({ cutMs: 30_000 })).end).toEqual({ reason: 'cut', atMs: expect.closeTo(30_000, -1) })
})

it('groups errors by name, and the rare ones beyond fifty together', async () => {
  const run = [...journalOf({}, plan)][0]!
  const failed = (index: number): JournalEvent => ({
    type: 'request',
    t: at(3050),
    id: `r7-${index}`,
    index,
    due: at(3000),
    sent: at(3000),
    route: 'gemini.generate',
    method: 'POST',
    outcome: 'connection_error',
    status: 0,
    error: `ECONN ${index % 60}`,
  })
  const evidence = foldJournal([run, ...Array.from({ length: 120 }, (_, index) => failed(index))], plan)
  const [cell] = evidence.requests
  expect(Object.keys(cell!.errors)).toHaveLength(51)
  expect(cell!.errors['other']).toBe(20)
  expect(cell).toMatchObject({ outcome: 'connection_error', count: 120 })
})

it('needs no more memory for many requests than for few', { timeout: 120_000 }, async () => {
  const second = 1000
  const sized = (requestsPerSecond: number): typeof plan => ({
    ...plan,
    load: { ...plan.load, rate: [{ fromMs: 0, toMs: 60 * second, startPerSecond: requestsPerSecond, endPerSecond: requestsPerSecond }] },
  })
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  // Every arrival departs, as it does at an upstream: only requests under way are kept.
  const answered = (): Answer => ({ ...ok, answered: 200 })
  // Measured while the fold is still in the middle of its work, with all that it has kept.
  const heapOf = async (planned: typeof plan): Promise<number> => {
    let heap = 0
    function* measured(): Generator<JournalEvent> {
      yield* journalOf({ gemini: answered, assemblyai: answered }, planned)
      gc()
      // What the first one found is given back beside the program; the second one waits for that.
      gc()
      const { heapUsed, arrayBuffers } = process.memoryUsage()
      heap = heapUsed + arrayBuffers
    }
    expect(foldJournal(measured(), planned).requests.length).toBeGreaterThan(0)
    return heap
  }
  const few = await heapOf(sized(200))
  const many = await heapOf(sized(5000))
  // 300,000 requests and as many arrivals: 8 MB would be about 14 bytes for each event, less than one object.
  expect(many - few).toBeLessThan(8 * 2 ** 20)
})
