// A run to draw, made from a journal that a simple model writes: gemini answers 503 from 10 s to 20 s, its breaker opens,
// probes and closes, while assemblyai is unharmed. Everything is drawn from a seed, so that it is the same run every time.
import { foldJournal } from '../../src/evidence/fold/fold.ts'
import type { Evidence } from '../../src/evidence/evidence.ts'
import type { JournalEvent } from '../../src/evidence/events.ts'
import type { Outcome } from '../../src/contract/outcome.ts'
import { seededRandom } from '../../src/kernel/random.ts'
import { upstreamPolicies } from '../../src/policies/settings.ts'
import type { RunRecord } from '../../src/run/bundle/record.ts'
import { arrivals } from '../../src/plan/arrivals.ts'
import type { Plan } from '../../src/plan/plan.ts'

const ORIGIN = 5_000_000

export const plan: Plan = {
  schemaVersion: 2,
  scenario: 'gemini-outage',
  story: 'Gemini answers 503 for a while. The gateway fails fast, serves cached answers, and recovers by itself.',
  source: 'scenarios/gemini-outage.ts',
  seed: 42,
  settings: 'ci',
  upstreams: {
    gemini: { module: 'fake-upstreams/gemini.ts', export: 'gemini' },
    assemblyai: { module: 'fake-upstreams/assemblyai.ts', export: 'assemblyai' },
  },
  gateway: {
    upstreams: {
      gemini: upstreamPolicies.parse({ breaker: { failures: 5, recovery: '5s' }, retry: { attempts: 3 } }),
      assemblyai: upstreamPolicies.parse({ breaker: { failures: 5, recovery: '5s' } }),
    },
  },
  load: {
    arrivals: 'poisson',
    rate: [{ fromMs: 0, toMs: 60_000, startPerSecond: 200, endPerSecond: 200 }],
    mix: [
      {
        route: 'gemini.generateContent',
        reaches: [{ upstream: 'gemini', route: 'generateContent' }],
        weight: 3,
        method: 'POST',
        paths: ['/gemini/v1/generate'],
        headers: {},
        bodies: [{ q: 1 }],
      },
      {
        route: 'assemblyai.getTranscript',
        reaches: [{ upstream: 'assemblyai', route: 'getTranscript' }],
        weight: 1,
        method: 'GET',
        paths: ['/assemblyai/v2/t/1'],
        headers: {},
        bodies: [],
      },
    ],
    timeoutMs: 30_000,
  },
  phases: [
    { name: 'warm-up', startMs: 0, endMs: 3000, warmUp: true, expected: 600 },
    { name: 'steady', startMs: 3000, endMs: 15_000, warmUp: false, expected: 2400 },
    { name: 'outage', startMs: 15_000, endMs: 30_000, warmUp: false, expected: 3000 },
    { name: 'recovery', startMs: 30_000, endMs: 60_000, warmUp: false, expected: 6000 },
  ],
  faults: [
    {
      id: 'F1',
      phase: 'outage',
      startMs: 15_000,
      endMs: 30_000,
      upstream: 'gemini',
      fault: { made: 'request', fault: { is: 'status', status: 503 }, hits: {} },
    },
  ],
  criteria: [],
  durationMs: 60_000,
}

export const record: RunRecord = {
  schemaVersion: 2,
  tool: { name: 'gatecrash', version: '0.1.0', node: '26.10.0' },
  startedAt: '2026-11-21T20:49:03.214Z',
  endedAt: '2026-11-21T20:50:04.801Z',
  seed: 42,
  command: 'npm run scenario -- gemini-outage --seed 42',
  git: { sha: '4d49077a5b1c2d3e4f', dirty: false },
  host: { cpu: 'AMD EPYC 7B13', cores: 2, memMiB: 7954, os: 'Linux 6.1' },
  gateway: { kind: 'reference', command: 'node src/gateway/main.ts' },
  toxiproxy: { kind: 'embedded', version: '2.12' },
  plan,
}

export interface Variation {
  /** The journal ends here, as interrupted. */
  stopAtMs?: number
  requests?: boolean
  breakerEvents?: boolean
  faults?: boolean
}

/** The journal of the reference run, or of a variation of it. */
export function* journal(variation: Variation = {}): Generator<JournalEvent> {
  const stop = variation.stopAtMs ?? plan.durationMs
  const random = seededRandom(7)
  yield {
    type: 'run',
    t: ORIGIN,
    schemaVersion: 2,
    scenario: plan.scenario,
    seed: plan.seed,
    run: 'r1',
    origin: ORIGIN,
    startedAt: record.startedAt,
  }
  for (const phase of plan.phases)
    if (phase.startMs < stop) yield { type: 'phase', t: ORIGIN + phase.startMs, phase: phase.name, edge: 'start' }
  if (variation.faults !== false) yield* faultEvents(stop)
  if (variation.breakerEvents === false)
    yield { type: 'note', t: ORIGIN, code: 'events_unavailable', text: 'the gateway has no event stream' }
  else yield* breakerEvents(stop)

  const ordinals: Record<string, number> = {}
  for (const arrival of variation.requests === false ? [] : arrivals(plan)) {
    if (arrival.dueMs > stop) break
    const { route: asked, reaches, method } = arrival.route
    const [{ upstream, route }] = reaches as [{ upstream: string; route: string }]
    const fate = fateOf(upstream, arrival.dueMs, random.next(), Math.exp(random.normal() * 0.35))
    const due = ORIGIN + arrival.dueMs
    const id = `r1-${arrival.index.toString(36)}`
    for (let attempt = 1; attempt <= fate.attempts; attempt++) {
      const ordinal = (ordinals[upstream] = (ordinals[upstream] ?? -1) + 1)
      const t = due + attempt * 2
      yield {
        type: 'arrival',
        t,
        upstream,
        ordinal,
        request: id,
        attempt,
        concurrent: 1,
        route,
        method,
        idempotent: method === 'GET',
        bodyHash: 'b',
      }
    }
    const facts = { route: asked, method, outcome: fate.outcome, status: fate.outcome === 'ok' ? 200 : 503 }
    yield { type: 'request', t: due + fate.latency, id, index: arrival.index, due, sent: due + 0.4, ...facts }
  }
  const reason = variation.stopAtMs === undefined ? 'complete' : 'interrupted'
  yield { type: 'end', t: ORIGIN + stop, reason, ...(reason === 'interrupted' && { detail: 'SIGINT' }) }
}

export function evidence(variation: Variation = {}): Evidence {
  return foldJournal(journal(variation), plan)
}

/** The same story so many times as long, with as many requests. */
export function slower(times: number): { plan: Plan; evidence: Evidence } {
  const long: Plan = {
    ...plan,
    durationMs: plan.durationMs * times,
    phases: plan.phases.map((phase) => Object.assign({}, phase, { startMs: phase.startMs * times, endMs: phase.endMs * times })),
    faults: plan.faults.map((fault) => Object.assign({}, fault, { startMs: fault.startMs * times, endMs: fault.endMs * times })),
    load: { ...plan.load, rate: [{ fromMs: 0, toMs: plan.durationMs * times, startPerSecond: 200 / times, endPerSecond: 200 / times }] },
  }
  const stretched = function* (): Generator<JournalEvent> {
    const late = (t: number): number => ORIGIN + (t - ORIGIN) * times
    for (const event of journal()) {
      if (event.type !== 'request') yield { ...event, t: late(event.t) }
      else yield { ...event, due: late(event.due), sent: late(event.due), t: late(event.due) + event.t - event.due }
    }
  }
  return { plan: long, evidence: foldJournal(stretched(), long) }
}

function* faultEvents(stop: number): Generator<JournalEvent> {
  const edges = [
    ['requested', 15_000],
    ['acknowledged', 15_012],
    ['bite', 15_040],
    ['clear_requested', 30_000],
    ['cleared', 30_021],
  ] as const
  for (const [edge, ms] of edges) if (ms < stop) yield { type: 'fault', t: ORIGIN + ms, fault: 'F1', edge }
}

function* breakerEvents(stop: number): Generator<JournalEvent> {
  const steps = [
    [16_910, 'closed', 'open', 'failures'],
    [21_920, 'open', 'half_open', 'recovery_elapsed'],
    [22_400, 'half_open', 'open', 'probe_failed'],
    [27_410, 'open', 'half_open', 'recovery_elapsed'],
    [27_900, 'half_open', 'open', 'probe_failed'],
    [32_910, 'open', 'half_open', 'recovery_elapsed'],
    [33_350, 'half_open', 'closed', 'probes_succeeded'],
  ] as const
  for (const [sequence, [ms, from, to, cause]] of steps.entries())
    if (ms < stop)
      yield {
        type: 'transition',
        t: ORIGIN + ms,
        upstream: 'gemini',
        from,
        to,
        cause,
        sequence,
        ...(cause === 'failures' && { failures: 5, threshold: 5 }),
      }
}

interface Fate {
  outcome: Outcome
  latency: number
  attempts: number
}

function fateOf(upstream: string, ms: number, draw: number, spread: number): Fate {
  const broken = upstream === 'gemini' && ms >= 15_040 && ms < 30_021
  const open = upstream === 'gemini' && ms >= 16_910 && ms < 33_350
  if (open) return { outcome: draw < 0.8 ? 'fallback' : 'rejected', latency: 1 + spread, attempts: 0 }
  if (broken) return { outcome: draw < 0.4 ? 'upstream_error' : 'ok', latency: 600 * spread + draw * 1500, attempts: 3 }
  return { outcome: draw < 0.0004 ? 'timeout' : 'ok', latency: (upstream === 'gemini' ? 100 : 60) * spread, attempts: draw > 0.99 ? 2 : 1 }
}
