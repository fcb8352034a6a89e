// Hand-written histories: a plan of four phases, and for each of its requests what became of it. The default is a healthy gateway:
// gemini answers 503 from 12 s to 22 s, its breaker opens at once, fails one probe, and closes 300 ms after the outage.
import type { Evidence } from '../../src/evidence/evidence.ts'
import type { BreakerState } from '../../src/contract/breaker-events.ts'
import type { ArrivalEvent, DepartureEvent, JournalEvent, RequestEvent } from '../../src/evidence/events.ts'
import { requestId } from '../../src/evidence/request-id.ts'
import { foldJournal } from '../../src/evidence/fold/fold.ts'
import type { Outcome } from '../../src/contract/outcome.ts'
import { judge } from '../../src/judge/judge.ts'
import type { Finding, Verdict } from '../../src/judge/verdict.ts'
import { upstreamPolicies } from '../../src/policies/settings.ts'
import { arrivals } from '../../src/plan/arrivals.ts'
import type { Criterion } from '../../src/criteria/criteria.ts'
import type { Plan, PlannedFault, PlannedPhase, PlannedRoute } from '../../src/plan/plan.ts'

export const ORIGIN = 5000
export const OUTAGE_START = 12_000
export const OUTAGE_END = 22_000
export const END = 60_000
/** Of the plan that `planOf` makes by itself. */
const PER_SECOND = 200
/** Of stories that do not say: enough to tell what happened, and quick to fold. */
const STORY_PER_SECOND = 40
const RUN = 'r7'

const phase = (name: string, startMs: number, endMs: number, warmUp = false): PlannedPhase => ({
  name,
  startMs,
  endMs,
  warmUp,
  expected: 0,
})
const route = (upstream: string): PlannedRoute => ({
  route: `${upstream}.generate`,
  reaches: [{ upstream, route: 'generate' }],
  weight: 1,
  method: 'POST',
  paths: ['/generate'],
  headers: {},
  bodies: [],
})
export const outage: PlannedFault = {
  id: 'F1',
  phase: 'outage',
  startMs: OUTAGE_START,
  endMs: OUTAGE_END,
  upstream: 'gemini',
  fault: { made: 'request', fault: { is: 'status', status: 503 }, hits: {} },
}
const withBreaker = upstreamPolicies.parse({ breaker: { failures: 5, recovery: '5s' } })

export function planOf(criteria: Criterion[] = [], change: Partial<Plan> = {}, perSecond = PER_SECOND): Plan {
  return {
    schemaVersion: 2,
    scenario: 'gemini-outage',
    story: '',
    source: 'scenarios/gemini-outage.ts',
    seed: 7,
    settings: 'ci',
    upstreams: { gemini: { module: '', export: '' }, assemblyai: { module: '', export: '' } },
    gateway: { upstreams: { gemini: withBreaker, assemblyai: withBreaker } },
    load: {
      arrivals: 'constant',
      rate: [{ fromMs: 0, toMs: END, startPerSecond: perSecond, endPerSecond: perSecond }],
      mix: [route('gemini'), route('assemblyai')],
      timeoutMs: 10_000,
    },
    phases: [
      phase('warm-up', 0, 2000, true),
      phase('steady', 2000, OUTAGE_START),
      phase('outage', OUTAGE_START, OUTAGE_END),
      phase('recovery', OUTAGE_END, END),
    ],
    faults: [outage],
    criteria: criteria.map((criterion, at) => ({ id: `C${at + 1}`, criterion })),
    durationMs: END,
    ...change,
  }
}

/** One attempt at the upstream. */
interface Try {
  /** From the end of the attempt before it; for the first, from when the request was sent. */
  afterMs: number
  /** Until it is answered. */
  lastsMs: number
  /** 0: the gateway gave it up. */
  status: number
  retryAfterMs?: number
  /** The upstream's route. Default: the one that the request asks for. */
  route?: string
}

export interface Answer {
  outcome: Outcome
  latencyMs: number
  /** How often it arrived at the upstream. */
  attempts: number
  /** In place of `attempts`: each of them. */
  tries?: Try[]
  /** Checksum of the body that the client gets; with a good attempt, of what the upstream sent too. */
  body?: string
  /** How often the proxy's front saw it. Default: there is no front. */
  heads?: number
  lateMs?: number
  /** How long it is on its way to the upstream. */
  onTheWayMs?: number
  /** The status of the upstream's last answer. Default: 200 for ok, else 503; those before it are 503. */
  answered?: number
  /** The fake spoiled an answer: the only one (or last), or the first of several. */
  spoiled?: 'last' | 'first'
  /** The upstream answers so long after the request is due. Default: at once. */
  answeredAfterMs?: number
  /** In place of POST. */
  method?: string
  /** Idempotency keys of the attempts: one for all, or a fresh one each. Default: none. */
  keys?: 'same' | 'fresh'
  /** What else the load saw of it. Times are the plan's. */
  client?: Partial<RequestEvent>
  /** What else the fake saw of each attempt: its arrival, and its departure. */
  arrivals?: Partial<ArrivalEvent>[]
  departures?: Partial<DepartureEvent>[]
  /** The gateway does not pass request ids on. */
  anonymous?: boolean
  /** The gateway gives each attempt a request id of its own. */
  foreignId?: boolean
  /** The gateway gives the request an id of its own, the same for all its attempts. */
  ownId?: boolean
}

export interface Story {
  gemini?: (dueMs: number, index: number) => Answer | 'not sent'
  assemblyai?: (dueMs: number, index: number) => Answer | 'not sent'
  /** gemini's breaker: state and time. */
  breaker?: [BreakerState, number][]
  faultSeen?: boolean
  /** Further lines, in the plan's time. */
  also?: JournalEvent[]
  /** The journal breaks off here, without an end line. */
  cutMs?: number
  plan?: Partial<Plan>
  /** Requests a second, for both upstreams together; half of them go to each. */
  perSecond?: number
}

export const ok: Answer = { outcome: 'ok', latencyMs: 50, attempts: 1 }
export const rejected: Answer = { outcome: 'rejected', latencyMs: 1, attempts: 0 }
export const failing: Answer = { outcome: 'upstream_error', latencyMs: 60, attempts: 1 }

export const healthyBreaker: [BreakerState, number][] = [
  ['open', 12_100],
  ['half_open', 17_100],
  ['open', 17_120],
  ['half_open', 22_150],
  ['closed', 22_300],
]

export function healthyGemini(dueMs: number): Answer {
  if (dueMs < OUTAGE_START || dueMs >= 22_300) return ok
  return dueMs < 12_100 ? failing : rejected
}

/** The journal's lines, role after role: the fold must not mind. */
export function* journalOf(story: Story, plan: Plan): Generator<JournalEvent> {
  const cutMs = story.cutMs ?? Number.POSITIVE_INFINITY
  yield {
    type: 'run',
    t: 0,
    schemaVersion: 2,
    scenario: plan.scenario,
    seed: plan.seed,
    run: RUN,
    origin: ORIGIN,
    startedAt: '2026-01-01T00:00:00Z',
  }
  for (const event of linesOf(story, plan)) if (event.t <= cutMs) yield moved(event)
  if (story.cutMs === undefined) yield { type: 'end', t: ORIGIN + END + 100, reason: 'complete' }
}

function* linesOf(story: Story, plan: Plan): Generator<JournalEvent> {
  for (const { name, startMs, endMs } of plan.phases) {
    yield { type: 'phase', t: startMs, phase: name, edge: 'start' }
    yield { type: 'phase', t: endMs, phase: name, edge: 'end' }
  }
  for (const fault of plan.faults) {
    yield { type: 'fault', t: fault.startMs, fault: fault.id, edge: 'requested' }
    yield { type: 'fault', t: fault.startMs + 5, fault: fault.id, edge: 'acknowledged' }
    yield { type: 'fault', t: fault.endMs, fault: fault.id, edge: 'clear_requested' }
    yield { type: 'fault', t: fault.endMs, fault: fault.id, edge: 'cleared' }
  }
  let from: BreakerState = 'closed'
  for (const [at, [to, t]] of (story.breaker ?? healthyBreaker).entries()) {
    yield { type: 'transition', t, upstream: 'gemini', from, to, cause: 'failures', sequence: at + 1 }
    from = to
  }
  // After the traffic: a role's seconds must not be told before its requests.
  yield* traffic(story, plan)
  yield* story.also ?? []
}

function* traffic(story: Story, plan: Plan): Generator<JournalEvent> {
  const answers = { gemini: story.gemini ?? healthyGemini, assemblyai: story.assemblyai ?? ((): Answer => ok) }
  const ordinals: Record<string, number> = {}
  for (const { index, dueMs, route: asked } of arrivals(plan)) {
    const [{ upstream, route: upstreamRoute }] = asked.reaches as [{ upstream: string; route: string }]
    const answer = answers[upstream as keyof typeof answers](dueMs, index)
    if (answer === 'not sent') continue
    const id = requestId(RUN, index)
    const sent = dueMs + (answer.lateMs ?? 0)
    const hit =
      (story.faultSeen ?? true) &&
      plan.faults.filter((fault) => fault.upstream === upstream && dueMs >= fault.startMs && dueMs < fault.endMs)
    const attempts = answer.tries?.length ?? answer.attempts
    let overMs = sent
    for (let head = 0; head < (answer.heads ?? 0); head++)
      yield {
        type: 'attempt',
        t: sent + head,
        upstream,
        connection: 0,
        request: id,
        method: answer.method ?? asked.method,
        path: '/generate',
      }
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const tried = answer.tries?.[attempt - 1]
      const arrivedMs = tried ? overMs + tried.afterMs : sent + (answer.onTheWayMs ?? 0) + 2 * attempt
      if (tried) overMs = arrivedMs + tried.lastsMs
      const ordinal = ordinals[upstream] ?? 0
      ordinals[upstream] = ordinal + 1
      const isLast = attempt === attempts
      const method = answer.method ?? asked.method
      yield {
        type: 'arrival',
        t: arrivedMs,
        upstream,
        ordinal,
        request: answer.anonymous ? '' : answer.ownId ? `own-${index}` : answer.foreignId ? `own-${index}-${attempt}` : id,
        attempt: answer.anonymous ? 0 : answer.foreignId ? 1 : attempt,
        concurrent: 1,
        route: tried?.route ?? upstreamRoute,
        method,
        idempotent: method === 'GET' || answer.keys !== undefined,
        ...(answer.keys && { key: answer.keys === 'same' ? `key-${index}` : `key-${index}-${attempt}` }),
        bodyHash: '',
        ...(hit && hit.length > 0 && { faults: hit.map((fault) => fault.id) }),
        ...answer.arrivals?.[attempt - 1],
      }
      yield {
        type: 'departure',
        t: tried ? overMs : Math.max(arrivedMs + 1, dueMs + (answer.answeredAfterMs ?? 0)),
        upstream,
        ordinal,
        status: tried
          ? tried.status
          : isLast
            ? (answer.answered ?? (answer.outcome === 'ok' ? 200 : 503))
            : answer.spoiled === 'first'
              ? 200
              : 503,
        clientGone: tried?.status === 0,
        ...(tried?.retryAfterMs !== undefined && { retryAfterMs: tried.retryAfterMs }),
        whole: isLast ? answer.spoiled !== 'last' : answer.spoiled !== 'first',
        length: answer.body === undefined ? 0 : 9,
        ...(answer.body !== undefined && isLast && answer.outcome === 'ok' && { checksum: answer.body }),
        ...answer.departures?.[attempt - 1],
      }
    }
    const status = answer.outcome === 'ok' ? 200 : 503
    const { outcome, latencyMs } = answer
    yield {
      type: 'request',
      t: dueMs + latencyMs,
      id,
      index,
      due: dueMs,
      sent,
      route: asked.route,
      method: answer.method ?? asked.method,
      outcome,
      status,
      ...(answer.body !== undefined && { length: 9, checksum: answer.body }),
      ...answer.client,
    }
  }
}

/** From the plan's time to the machine's. */
function moved(event: JournalEvent): JournalEvent {
  if (event.type === 'request') return { ...event, t: event.t + ORIGIN, due: event.due + ORIGIN, sent: event.sent + ORIGIN }
  return { ...event, t: event.t + ORIGIN }
}

export async function evidenceOf(story: Story = {}, plan = planOf([], story.plan)): Promise<Evidence> {
  return foldJournal(journalOf(story, plan), plan)
}

/** The default: every part of a story as it should be. */
export const healthy: Story = {}

// Folding a story takes longer than judging it. Criteria leave no trace in the evidence, so one fold serves them all.
const folded = new WeakMap<Story, Promise<Evidence>>()

/** At the story's own rate. A story is folded once. */
export async function verdictOf(criteria: Criterion[], story: Story = healthy): Promise<Verdict> {
  const plan = planOf(criteria, story.plan, story.perSecond ?? STORY_PER_SECOND)
  const evidence = folded.get(story) ?? evidenceOf(story, plan)
  folded.set(story, evidence)
  return judge(plan, await evidence)
}

/** The finding for one criterion. */
export async function findingOf(criterion: Criterion, story: Story = healthy): Promise<Finding> {
  return (await verdictOf([criterion], story)).findings[0]!
}
