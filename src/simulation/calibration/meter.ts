// Measures a machine by the journal of a live run: how long the legs of requests took before the first fault, what the gateway took of a
// processor, and how long faults took to act. What too few requests have passed keeps the default's spans.
import type { DepartureEvent, JournalEvent } from '../../evidence/events.ts'
import type { Ms } from '../../kernel/clock.ts'
import { own } from '../../kernel/own.ts'
import type { Plan, PlannedPhase, PlannedRoute } from '../../plan/plan.ts'
import { healthyLatencies } from '../../upstreams/answering/fault-decider.ts'
import type { Upstream } from '../../upstreams/define.ts'
import { type Calibration, defaultCalibration, type Leg, legs, quantiles } from './calibration.ts'
import { tripJoiner } from './trips.ts'

export interface MeasuredCalibration {
  calibration: Calibration
  /** How many spans, or for `gatewayWork` seconds, each was measured by; 0: it is the default's. */
  samples: Record<keyof Calibration, number>
}

export interface CalibrationMeter {
  /** Takes a line of the journal. */
  add: (event: JournalEvent) => void
  result: () => MeasuredCalibration
}

/** Fewer spans than these say nothing of the rare ones. */
const enough: Readonly<Record<Leg, number>> = {
  late: 100,
  toGateway: 100,
  toUpstream: 100,
  timer: 100,
  fromUpstream: 100,
  toClient: 100,
  connect: 20,
  fault: 20,
}
const ENOUGH_SECONDS = 3
const MOST_SPANS = 100_000

// Nobody tells when the gateway has an answer: the way from the fake to the client is split in the proportion of the default's medians.
const FROM_UPSTREAM = 0.57

/** No timer is so late. A route whose quickest answer is sends its answers in pieces, and says nothing of timers. */
const LATEST_TIMER: Ms = 10

type Spans = Record<Leg, Ms[]>

/** `upstreams`: the plan's fakes, which know how long a healthy answer was to take. */
export function calibrationMeter(plan: Plan, upstreams: ReadonlyMap<string, Upstream>): CalibrationMeter {
  const spans = Object.fromEntries(legs.map((leg) => [leg, [] as Ms[]])) as Spans // of every leg
  const keep = (leg: Leg, span: Ms): void => void (spans[leg].length < MOST_SPANS && spans[leg].push(Math.max(0, span)))
  const phases = quietPhases(plan)
  let origin = Number.POSITIVE_INFINITY
  const isQuiet = (t: Ms): boolean => phases.some(({ startMs, endMs }) => t - origin >= startMs && t - origin < endMs)
  const direct = new Set(plan.load.mix.flatMap((each) => (isDirect(plan, each) ? [each.route] : [])))
  const join = tripJoiner(({ route, sent, head, isOnNewConnection, arrived, departed, ended }) => {
    if (!direct.has(route) || !isQuiet(sent) || !isQuiet(ended)) return
    if (isOnNewConnection) return keep('connect', head - sent)
    keep('toGateway', head - sent)
    keep('toUpstream', arrived - head)
    keep('fromUpstream', FROM_UPSTREAM * (ended - departed))
    keep('toClient', (1 - FROM_UPSTREAM) * (ended - departed))
  })
  const timers = timerMeter(plan, upstreams)
  const asked = new Map<string, Ms>()
  const work = { requests: 0, seconds: 0, busyMs: 0 }

  return {
    add(event) {
      join(event)
      if (event.type === 'run') origin = event.origin
      else if (event.type === 'request') {
        if (!isQuiet(event.due)) return
        keep('late', event.sent - event.due)
        work.requests++
      } else if (event.type === 'health') {
        if (event.role !== 'gateway' || event.cpu === undefined || !isQuiet(event.t) || !isQuiet(event.t - SECOND)) return
        work.seconds++
        work.busyMs += event.cpu * SECOND
      } else if (event.type === 'arrival' || event.type === 'departure') {
        if (isQuiet(event.t)) timers.add(event)
      } else if (event.type === 'fault') {
        const since = asked.get(event.fault)
        if (event.edge === 'requested' || event.edge === 'clear_requested') asked.set(event.fault, event.t)
        else if (since !== undefined && (event.edge === 'acknowledged' || event.edge === 'cleared')) keep('fault', event.t - since)
      }
    },
    result() {
      for (const late of timers.spans()) keep('timer', late)
      // A connection costs what a head on a new one takes longer than the others.
      const usual = medianOf(spans.toGateway)
      const connect = spans.connect.map((span) => Math.max(0, span - usual))
      return measured({ ...spans, connect }, { ...work, quietMs: phases.reduce((total, { startMs, endMs }) => total + endMs - startMs, 0) })
    },
  }
}

/** Policies that let no request wait before its first attempt. Where one may wait in a queue, that is no leg of its way. */
const unqueued: ReadonlySet<string> = new Set(['timeout', 'breaker', 'retry', 'fallback', 'stream'])

/** A client that sends slowly keeps its request from the gateway, and says nothing of the way there. */
function isDirect({ gateway }: Plan, { reaches: [first, ...others], sendOverMs, sendHeadOverMs }: PlannedRoute): boolean {
  if (!first || others.length > 0 || sendOverMs !== undefined || sendHeadOverMs !== undefined) return false
  return Object.keys(own(gateway.upstreams, first.upstream) ?? {}).every((policy) => unqueued.has(policy))
}

const SECOND: Ms = 1000

/** Those before the first fault in which the load is sent as planned. */
function quietPhases({ phases, faults }: Plan): PlannedPhase[] {
  const firstFault = Math.min(...faults.map(({ startMs }) => startMs))
  return phases.filter(({ warmUp, saturation, endMs }) => !warmUp && !saturation && endMs <= firstFault)
}

/** How much later than planned fakes answer. Answers of a fake with a capacity may have waited for a worker. */
function timerMeter({ seed, upstreams: planned }: Plan, upstreams: ReadonlyMap<string, Upstream>) {
  const healthyMs = new Map(Array.from(upstreams, ([name, upstream]) => [name, healthyLatencies(upstream.name, seed)]))
  const begun = new Map<string, { arrived: Ms; route: string }>()
  const byRoute = new Map<string, Ms[]>()
  return {
    add(event: Extract<JournalEvent, { type: 'arrival' | 'departure' }>): void {
      const upstream = upstreams.get(event.upstream)
      const healthyOf = healthyMs.get(event.upstream)
      if (!upstream || !healthyOf || planned[event.upstream]?.capacity) return
      const key = `${event.upstream} ${event.ordinal}`
      if (event.type === 'arrival') return void (!event.faults && begun.set(key, { arrived: event.t, route: event.route }))
      const since = begun.get(key)
      begun.delete(key)
      if (!since || !isWhole(event)) return
      const plannedMs = healthyOf(own(upstream.routes, since.route)?.latency ?? upstream.latency, event.ordinal)
      if (plannedMs <= 0) return
      const route = `${event.upstream} ${since.route}`
      const late = byRoute.get(route) ?? []
      if (late.length < MOST_SPANS) late.push(event.t - since.arrived - plannedMs)
      byRoute.set(route, late)
    },
    spans: (): Ms[] => [...byRoute.values()].filter((late) => Math.min(...late) < LATEST_TIMER).flat(),
  }
}

const isWhole = ({ whole, clientGone, events }: DepartureEvent): boolean => whole && !clientGone && events === undefined

interface Work {
  requests: number
  quietMs: Ms
  /** Seconds for which the gateway's use of the processor was told, and that use. */
  seconds: number
  busyMs: Ms
}

function measured(spans: Spans, { requests, quietMs, seconds, busyMs }: Work): MeasuredCalibration {
  const perSecond = requests / (quietMs / SECOND)
  const hasWork = seconds >= ENOUGH_SECONDS && requests > 0
  const calibration: Calibration = { ...defaultCalibration, ...(hasWork && { gatewayWork: rounded(busyMs / seconds / perSecond) }) }
  const samples: MeasuredCalibration['samples'] = { ...noSamples, gatewayWork: hasWork ? seconds : 0 }
  for (const leg of legs) {
    if (spans[leg].length < enough[leg]) continue
    calibration[leg] = quantilesOf(spans[leg])
    samples[leg] = spans[leg].length
  }
  return { calibration, samples }
}

const noSamples = Object.fromEntries([...legs, 'gatewayWork'].map((name) => [name, 0])) as MeasuredCalibration['samples'] // of each

/** The spans at `quantiles`, between the two nearest in proportion. */
function quantilesOf(spans: readonly Ms[]): Ms[] {
  const sorted = spans.toSorted((a, b) => a - b)
  return quantiles.map((share) => {
    const place = share * (sorted.length - 1)
    const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!]
    return rounded(low + (high - low) * (place - Math.floor(place)))
  })
}

const medianOf = (spans: readonly Ms[]): Ms => (spans.length === 0 ? 0 : quantilesOf(spans)[quantiles.indexOf(0.5)]!)

/** To a microsecond. */
const rounded = (span: Ms): Ms => Math.round(span * 1000) / 1000
