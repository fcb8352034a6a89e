// What passes to an upstream, of what is due for it, and when nothing does.
//
//   due        •••••••••••••••••••••••••••••••••
//   arrivals   •••••••••                  •••••••
//   in flight  ▇▇▇▇▇▇▇▅▃▁                 ▁▃▇▇▇▇▇
//   silence             |---|~~~~~~~~~~~~|          still: nothing in flight either
import type { Outcome } from '../../../contract/outcome.ts'
import type { Evidence } from '../../../evidence/evidence.ts'
import type { Flow } from '../../../evidence/flow.ts'
import { arrivalsOfDue, knownArrivals, routesOf } from '../../../evidence/time-series.ts'
import { familyOf } from '../../../faults/families.ts'
import { actsOn } from '../../../faults/fault.ts'
import type { Ms } from '../../../kernel/clock.ts'
import { own } from '../../../kernel/own.ts'
import type { Plan } from '../../../plan/plan.ts'
import type { Case } from '../../finding/raw-finding.ts'
import { unjoinedIn } from '../gaps/unjoined-attempts.ts'
import { oncePerTraffic } from '../once-per-run.ts'

export interface Span {
  fromMs: Ms
  toMs: Ms
}

/** A stretch without an arrival. From `stillMs` on nothing was in flight either; infinite when something always was. */
export interface Silence extends Span {
  stillMs: Ms
}

const unseen: Flow = {
  upstream: '',
  asked: [],
  tried: [],
  kept: [],
  keptLatencies: [],
  elsewhere: [],
  postponed: [],
  triedByRoute: {},
  departed: [],
  failed: [],
  heads: { known: [], unknown: [] },
  waiting: [],
  wakes: [],
}

export function flowOf({ flow }: Evidence, upstream: string): Flow {
  return flow.find((each) => each.upstream === upstream) ?? unseen
}

/** Before any fault, warm-up left out: how things are when all is well. Undefined where the plan has no such time. */
export function steadyTime({ phases, faults }: Plan): Span | undefined {
  const toMs = Math.min(...faults.map(({ startMs }) => startMs), ...phases.slice(-1).map(({ endMs }) => endMs))
  const fromMs = phases.find(({ warmUp }) => !warmUp)?.startMs ?? 0
  return toMs > fromMs ? { fromMs, toMs } : undefined
}

export interface Passage {
  asked: number
  /** Of these, how many reached the upstream. */
  passed: number
}

/**
 * By tick, how many requests were due and how many of these passed. Where attempts carry no id, arrivals tell: as many as there
 * were requests, at most.
 */
export const passages = oncePerTraffic((run, upstream): readonly Passage[] => {
  const { asked, tried } = flowOf(run.evidence, upstream)
  if (isJoined(run, upstream)) return asked.map((count, tick) => ({ asked: count, passed: tried[tick] ?? 0 }))
  const arrived = own(run.evidence.series.arrivals, upstream) ?? []
  return asked.map((count, tick) => ({ asked: count, passed: Math.min(count, arrived[tick] ?? 0) }))
})

/** Whether attempts at the upstream are joined to their requests: all, or all that are not the gateway's own. */
export const isJoined = oncePerTraffic(
  (run, upstream): boolean =>
    unjoinedIn(run, { upstream, phases: run.plan.phases.map(({ name }) => name) }) === 0 || ownCallRate(run, upstream) > 0,
)

/** Of the arrivals when all is well: with fewer known ones, the gateway does not pass ids on. */
const MOSTLY = 0.5

/**
 * How many calls a millisecond of the gateway's own, such as its health checks, the upstream gets when all is well, on routes that
 * requests ask for too: they carry no client's id, and most others do. 0 where nothing is known to be the gateway's own.
 */
export function ownCallRate(run: Case, upstream: string): number {
  const { known, unknown, watchedMs } = steadyArrivals(run, upstream)
  return known > MOSTLY * (known + unknown) && watchedMs > 0 ? unknown / watchedMs : 0
}

/** Whether the gateway passes its clients' ids on: nearly all attempts are joined, or most arrivals were known when all was well. */
export function passesIds(run: Case, upstream: string): boolean {
  const { known, unknown } = steadyArrivals(run, upstream)
  return isJoined(run, upstream) || known > MOSTLY * (known + unknown)
}

const steadyArrivals = oncePerTraffic(({ plan, evidence }, upstream): ReturnType<typeof arrivalsOfDue> => {
  const steady = steadyTime(plan)
  return steady ? arrivalsOfDue(evidence.series, upstream, { ...steady, slackMs: 0 }) : { known: 0, unknown: 0, watchedMs: 0 }
})

export function passageIn(ticks: readonly Passage[], { fromMs, toMs }: Span, tickMs: Ms): Passage {
  const total: Passage = { asked: 0, passed: 0 }
  const end = Math.min(ticks.length, Math.floor(toMs / tickMs))
  for (let tick = Math.max(0, Math.ceil(fromMs / tickMs)); tick < end; tick++) {
    total.asked += ticks[tick]!.asked
    total.passed += ticks[tick]!.passed
  }
  return total
}

/** Whether a fault keeps the upstream's answers, or requests on their way to it: then the clients tell what is in flight. */
export const isHeldUp = ({ faults }: Plan, upstream: string): boolean =>
  faults.some((fault) => actsOn(fault, upstream) && fault.fault.made === 'network')

/** By tick: what was sent to the upstream (`sent`), and how much of it was still in flight at the end of the tick. */
export const inFlightAt = oncePerTraffic((run, upstream): { sent: readonly number[]; inFlight: readonly number[] } => {
  const { plan, evidence } = run
  const { departed, waiting } = flowOf(evidence, upstream)
  // The gateway's own calls go on while the breaker is open.
  const callsItself = ownCallRate(run, upstream) > 0
  const swallowed = isSwallowed(plan, upstream)
  const sent = swallowed
    ? headsOf(run, upstream)
    : callsItself
      ? knownArrivals(evidence.series, upstream)
      : (own(evidence.series.arrivals, upstream) ?? [])
  const byFake = !callsItself && !swallowed
  const byClients = callsItself || isHeldUp(plan, upstream)
  const length = Math.max(sent.length, departed.length, waiting.length)
  const inFlight: number[] = []
  let atUpstream = 0
  let waited = 0
  for (let tick = 0; tick < length; tick++) {
    atUpstream += (sent[tick] ?? 0) - (departed[tick] ?? 0)
    waited += waiting[tick] ?? 0
    inFlight.push(Math.max(0, byFake ? atUpstream : 0, byClients ? waited : 0))
  }
  return { sent, inFlight }
})

/** Whether a network fault takes requests on their way: what passed the proxy's front is all that can be seen of them. */
const isSwallowed = ({ faults }: Plan, upstream: string): boolean =>
  faults.some((fault) => actsOn(fault, upstream) && fault.fault.made === 'network' && familyOf(fault.fault).keepsRequests(fault.fault))

/** By tick. Where clients' ids are passed on, what has none is the gateway's own. */
function headsOf({ evidence }: Case, upstream: string): number[] {
  const { known, unknown } = flowOf(evidence, upstream).heads
  if (hasIds(evidence, upstream)) return known
  return Array.from({ length: Math.max(known.length, unknown.length) }, (_, tick) => (known[tick] ?? 0) + (unknown[tick] ?? 0))
}

/** Whether most heads at the front carry the id of a client's request. */
export function hasIds(evidence: Evidence, upstream: string): boolean {
  const { known, unknown } = flowOf(evidence, upstream).heads
  const [named, unnamed] = [known, unknown].map((ticks) => ticks.reduce((total, count) => total + count, 0)) as [number, number]
  return named > MOSTLY * (named + unnamed)
}

/** Silences of at least `leastMs`, after the first arrival. */
export function silencesAt(run: Case, upstream: string, leastMs: Ms): Silence[] {
  const { series, end } = run.evidence
  const { tickMs } = series
  const { sent, inFlight } = inFlightAt(run, upstream)
  const { asked } = flowOf(run.evidence, upstream)
  const endTick = Math.min(Math.ceil(end.atMs / tickMs), Math.max(inFlight.length, asked.length))
  const silences: Silence[] = []
  let hasArrived = false
  // Of the present silence; its first tick, and the first at whose end nothing was in flight. Most are over with the next tick.
  let from = Number.POSITIVE_INFINITY
  let still = Number.POSITIVE_INFINITY
  for (let tick = 0; tick <= endTick; tick++) {
    const isSent = (sent[tick] ?? 0) > 0
    const isOver = isSent || tick === endTick
    if (isOver && (tick - from) * tickMs >= leastMs)
      silences.push({ fromMs: from * tickMs, toMs: tick === endTick ? end.atMs : tick * tickMs, stillMs: still * tickMs })
    const isStill = (inFlight[tick] ?? 0) === 0
    hasArrived ||= isSent
    if (isOver && hasArrived) {
      from = tick + 1
      still = isStill ? tick + 1 : Number.POSITIVE_INFINITY
    } else if (isStill) still = Math.min(still, tick + 1)
  }
  return silences
}

/** Attempts that failed at the upstream in the ticks that touch the span. */
export function failuresIn(evidence: Evidence, upstream: string, { fromMs, toMs }: Span): number {
  const { tickMs } = evidence.series
  return sum(flowOf(evidence, upstream).failed, Math.floor(fromMs / tickMs), Math.ceil(toMs / tickMs))
}

/** Requests of these outcomes (default: all) and routes (default: all that reach the upstream), due in the buckets wholly inside the span. */
export function dueIn(
  { series }: Evidence,
  upstream: string,
  { fromMs, toMs }: Span,
  outcomes?: readonly Outcome[],
  routes = routesOf(series, upstream),
): number {
  const first = Math.max(0, Math.ceil(fromMs / series.bucketMs))
  const end = Math.max(0, Math.floor(toMs / series.bucketMs))
  let total = 0
  for (const [outcome, buckets] of routes.flatMap((route) => Object.entries(series.latencies[route] ?? {})))
    if (!outcomes || (outcomes as readonly string[]).includes(outcome))
      for (const bucket of buckets.slice(first, end)) total += bucket?.totalCount ?? 0
  return total
}

/**
 * Routes whose requests tell of this upstream's breaker by their outcomes alone: they reach no other one. Where each route reaches
 * others too, all of them.
 */
export function tellingRoutes({ load }: Plan, upstream: string): string[] {
  const reaching = load.mix.filter(({ reaches }) => reaches.some((reached) => reached.upstream === upstream))
  const alone = reaching.filter(({ reaches }) => reaches.every((reached) => reached.upstream === upstream))
  return (alone.length > 0 ? alone : reaching).map(({ route }) => route)
}

/** What a list by tick counts in the ticks that lie wholly inside the span. */
export function sumWithin(ticks: readonly number[], { fromMs, toMs }: Span, tickMs: Ms): number {
  return sum(ticks, Math.ceil(fromMs / tickMs), Math.floor(toMs / tickMs))
}

/** Of the places from `first` up to and without `end`, as far as the list has them. */
function sum(counts: readonly number[], first: number, end: number): number {
  const last = Math.min(counts.length, end)
  let total = 0
  for (let at = Math.max(0, first); at < last; at++) total += counts[at]!
  return total
}
