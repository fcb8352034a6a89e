// Journal in, evidence out: one pass, a few counters, and in memory only the requests under way.
// Lines of different roles may be shuffled (roles send in batches); nothing here depends on their order.
//
//   event ──▶ tally of its kind                            phases, transitions, faults, health …
//         ──▶ joiner ──▶ trace ──▶ requests, attempts, sample
import type { Ms } from '../../kernel/clock.ts'
import { GatecrashError } from '../../kernel/errors.ts'
import { shown } from '../../kernel/validation.ts'
import { planIndex } from '../../plan/plan-index.ts'
import type { Plan } from '../../plan/plan.ts'
import { type EventKind, type EventNamed, type JournalEvent, type RunEvent, events } from '../events.ts'
import type { Tally, TallyContext } from '../events/event.ts'
import { FaultHits } from '../events/fault.ts'
import type { Evidence, Tallied } from '../evidence.ts'
import { FlowTally } from '../flow.ts'
import { LatencyRecorder } from '../latency-histogram.ts'
import { requestIndex } from '../request-id.ts'
import { openTraceTallies } from '../tallies/tallies.ts'
import { SeriesTally } from '../time-series.ts'
import { type AnswerCell, ArrivalTally } from './arrivals.ts'
import { AttemptTally } from './attempts.ts'
import { ClientErrorTally } from './client-errors.ts'
import { CrowdTally } from './crowd.ts'
import { FallbackTally } from './fallbacks.ts'
import { createJoiner } from './joining/joiner.ts'
import { ReachedUpstreams } from './joining/reached-upstreams.ts'
import { RequestTally } from './requests.ts'
import { RetryTally } from './retries.ts'
import { TraceSample } from './trace-sample.ts'
import { OperationTally } from './operations.ts'
import { type Counted, type Part, type Wanted, completed } from './wanted.ts'
import { WebhookTally } from './webhooks.ts'

export interface Fold {
  /** @throws GatecrashError `invalid_bundle` for a second run line, or one of another plan */
  add: (event: JournalEvent) => void
  /** @throws GatecrashError `invalid_bundle` when there was no run line: the stage was never ready */
  result: () => Evidence
}

/** A run is over soon after its plan: what is later belongs to no run of it. */
const MAX_AFTERMATH: Ms = 3_600_000

const ofNoPlan = (what: string): GatecrashError =>
  new GatecrashError('invalid_bundle', `the journal has ${what}, which is not in the plan of run.json; restore the files, or run again`)

/** Kinds whose events mean something only together with others. */
type JoinedKind = { [Kind in EventKind]: (typeof events)[Kind] extends { tally: unknown } ? never : Kind }[EventKind]

/** Folds what follows the run's line. */
export function foldRun(run: RunEvent, plan: Plan, wanted: Wanted): Fold {
  const { origin } = run
  const when = <Opened>(part: Part, open: () => Opened): Opened | undefined => (wanted.parts.has(part) ? open() : undefined)
  const index = planIndex(plan)
  const routes = new Map(plan.load.mix.map(({ route }, at) => [route, at]))
  const context: TallyContext = { plan, phaseAt: (atMs) => plan.phases[index.phaseAt(atMs)]?.name ?? '' }
  const tallies = openTallies(context)
  const requests = when('requests', () => new RequestTally(plan))
  const attempts = when('attempts', () => new AttemptTally(plan, index, origin))
  const retries = when('retries', () => new RetryTally(plan, index, origin))
  const reached = new ReachedUpstreams(plan)
  const fallbacks = when('fallbacks', () => new FallbackTally(plan))
  const clientErrors = when('clientErrors', () => new ClientErrorTally(plan, origin))
  const arrivals = new ArrivalTally(plan, index)
  const crowd = new CrowdTally(plan, run.run)
  const webhooks = new WebhookTally(plan, run.run, origin)
  const operations = new OperationTally(plan, run.run)
  const series = when('series', () => new SeriesTally(plan))
  const flow = when('flow', () => new FlowTally(plan, origin))
  const sample = when('sample', () => new TraceSample(plan, origin))
  const lateness = when('lateness', () => plan.phases.map(() => new LatencyRecorder()))
  const traceTallies = openTraceTallies({ plan, origin, now: () => origin + lastMs }, wanted.parts)
  const hits = new FaultHits()
  let end: Evidence['end'] = { reason: 'cut', atMs: 0 }
  let lastMs: Ms = 0
  let lastId = ''
  let lastOrdinal = -1
  const joiner = createJoiner<AnswerCell>({
    plan,
    origin,
    onTrace(trace) {
      requests?.trace(trace)
      if (attempts || retries) {
        const seen = reached.of(trace)
        attempts?.trace(trace, seen)
        retries?.trace(trace, seen)
      }
      fallbacks?.trace(trace)
      flow?.trace(trace)
      sample?.trace(trace)
      webhooks.trace(trace)
      operations.trace(trace)
      traceTallies.trace(trace)
    },
    onDeparture(departure, cell, joinedBy) {
      if (joinedBy === 'id') requests?.departure(departure)
      arrivals.departure(departure, cell)
      fallbacks?.departure(departure)
      clientErrors?.departure(departure)
      flow?.departure(departure)
      traceTallies.departure(departure)
    },
    onLate(arrival, ordinal) {
      const route = plan.load.mix.findIndex((each) => each.reaches.some(({ upstream }) => upstream === arrival.upstream))
      if (route < 0) return
      attempts?.late(arrival, ordinal, route)
      retries?.late(arrival, ordinal, route)
    },
  })

  const inPlan = (atMs: Ms): Ms => {
    if (atMs > plan.durationMs + MAX_AFTERMATH) throw ofNoPlan(`traffic ${Math.round(atMs / 1000)} s after load start`)
    return atMs
  }
  /** A gateway may send any id: one that names no request of the plan is nobody's. */
  const ordinalOf = (id: string): number => {
    // An attempt is mostly told of twice in a row: at the proxy's front, and at the fake.
    if (id === lastId) return lastOrdinal
    lastId = id
    const ordinal = requestIndex(run.run, id)
    lastOrdinal = ordinal < index.end ? ordinal : -1
    return lastOrdinal
  }
  const joined: { [Kind in JoinedKind]: (event: EventNamed<Kind>) => void } = {
    run() {},
    request(event) {
      const route = routes.get(event.route)
      if (route === undefined || event.index >= index.end) throw ofNoPlan(`request ${event.index} of route ${shown(event.route)}`)
      const phase = index.phaseOf(event.index)
      requests?.add(event, phase, route)
      series?.request(event, route, inPlan(event.due - origin))
      lateness?.[phase]?.record(event.sent - event.due)
      joiner.request(event, route, phase)
    },
    arrival(event) {
      const ordinal = ordinalOf(event.request)
      const atMs = inPlan(event.t - origin)
      if (event.faults) hits.count(event.faults, atMs)
      if (ordinal < 0) {
        webhooks.arrival(event)
        operations.arrival(event)
      }
      if (arrivals.isOwn(event, ordinal)) return
      if (crowd.isIts(event.request, ordinal >= 0, atMs)) {
        crowd.arrival(event, atMs)
        traceTallies.arrival(event)
        return
      }
      series?.arrival(event, atMs, ordinal < 0 ? undefined : index.dueMs(ordinal))
      flow?.arrival(event, atMs)
      traceTallies.arrival(event)
      joiner.arrival(event, ordinal, arrivals.add(event, ordinal, atMs))
    },
    departure(event) {
      webhooks.departure(event)
      operations.departure(event)
      if (crowd.departure(event)) traceTallies.departure(event)
      else joiner.departure(event)
    },
    attempt(event) {
      const ordinal = ordinalOf(event.request)
      if (crowd.isIts(event.request, ordinal >= 0, event.t - origin)) return
      flow?.head(event, ordinal >= 0)
      joiner.head(event, ordinal)
    },
    webhooks({ entries, last }) {
      webhooks.listed(entries, last)
    },
    operations({ entries, last }) {
      operations.listed(entries, last)
    },
    end({ reason, detail }) {
      end = { reason, atMs: 0, ...(detail !== undefined && { detail }) }
    },
  }

  // Their seconds tell that a role is past a time even when no request is.
  const seconds = new Map<string, (t: Ms) => void>([
    ['load', (t) => joiner.heard('load', t)],
    ['sockets', (t) => joiner.heard('upstreams', t)],
  ])
  // The tables pair a kind with its event; the lookup by name loses the pairing.
  const takers = new Map(Object.entries(joined) as [string, (event: JournalEvent) => void][])
  for (const [kind, tally] of tallies) {
    const second = seconds.get(kind)
    takers.set(kind, (event) => {
      tally.add(event, event.t - origin)
      second?.(event.t)
    })
  }
  const add = (event: JournalEvent): void => {
    const atMs = event.t - origin
    if (atMs > lastMs) lastMs = atMs
    takers.get(event.type)!(event)
  }
  return {
    add,
    result() {
      joiner.finish()
      const tallied = Object.fromEntries([...tallies.values()].map(({ evidence, result }) => [evidence, result()])) as unknown as Tallied
      crowd.complete(tallied.saturation)
      hits.complete(tallied.faults)
      const counted: Counted = {
        run: { id: run.run, scenario: run.scenario, seed: run.seed, startedAt: run.startedAt },
        end: { ...end, atMs: lastMs },
        planned: index.planned,
        requests: requests?.result(),
        attempts: attempts?.result(),
        retries: retries?.result(),
        fallbacks: fallbacks?.result(),
        clientErrors: clientErrors?.result(),
        ...arrivals.result(),
        webhooks: webhooks.result(tallied.processes),
        operations: operations.result(),
        lateness: lateness && latenessOf(plan, lateness),
        series: series?.result(),
        flow: flow?.result(),
        sample: sample?.result(),
        ...traceTallies.result(),
        ...tallied,
      }
      return completed(counted, wanted)
    },
  }
}

type OpenTally = Tally<JournalEvent, unknown> & { evidence: string }

/** One tally for each kind of event that has one, by kind. */
function openTallies(context: TallyContext): Map<string, OpenTally> {
  return new Map(
    Object.entries(events).flatMap(([kind, event]) => {
      if (!('tally' in event)) return []
      // A tally gets events of its own kind alone.
      const { add, result } = event.tally(context) as Tally<JournalEvent, unknown>
      return [[kind, { evidence: event.evidence, add, result }] as const]
    }),
  )
}

function latenessOf({ phases }: Plan, recorders: readonly LatencyRecorder[]): Evidence['lateness'] {
  const measured = phases.map(({ name }, at) => [name, recorders[at]!.result()] as const)
  return Object.fromEntries(measured.filter(([, { totalCount }]) => totalCount > 0))
}
