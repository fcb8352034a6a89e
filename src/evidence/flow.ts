// How requests flow through each upstream over time: who was due, who was tried there, and what was in flight.
// Breakers are inferred from it where the gateway tells nothing, and it shows when users are served again.
//
//   asked     ••••••••••••••••••••••••••••••   requests due, of routes that reach the upstream
//   tried     •••••••••                ••••••   of these, the ones that arrived there at all
//   kept               ••••••••••••••••          of these, the ones that the gateway refused without a try
//   wakes                             |•••      the first arrivals after a quiet stretch, to the millisecond
import type { Ms } from '../kernel/clock.ts'
import { tickMsOf } from '../plan/plan-index.ts'
import type { Plan } from '../plan/plan.ts'
import type { Outcome } from '../contract/outcome.ts'
import type { ArrivalEvent, AttemptEvent, DepartureEvent } from './events.ts'
import { type Latencies, LatencyTable } from './latency-histogram.ts'
import { countAt } from './fold/counting/count-list.ts'
import { SharedCalls } from './fold/joining/shared-calls.ts'
import { TICKS_PER_BUCKET } from './time-series.ts'
import type { Trace } from './trace.ts'

/** The first arrivals after a quiet stretch. */
export interface Wake {
  /** When they arrived, in order; at most `MOST_OF_A_WAKE`. */
  arrivedMs: Ms[]
  /** When the first of them was answered, or given up; null while none was. */
  answeredMs: Ms | null
  /** Whether that answer was a bad one, or none. */
  failed: boolean
}

/** Lists are by tick, as in `Series`. */
export interface Flow {
  upstream: string
  /** Requests that were due, of routes that reach the upstream. */
  asked: number[]
  /** Of these, by the tick in which they were due: those with an attempt there that is joined to them, or that shared one's call. */
  tried: number[]
  /** Of the requests that were due, by the same tick: those that ended as a refusal, and that nothing saw on the way to the upstream. */
  kept: number[]
  /**
   * By the same tick: those that ended as a refusal without a try here, and that another upstream of their route explains. It failed
   * them, or none of their upstreams was tried; who refused then is told by the routes that reach one upstream alone. Not in `kept`.
   */
  elsewhere: number[]
  /** How long these took, from when they were due; by bucket, `Series.bucketMs` wide. Null: there were none. */
  keptLatencies: (Latencies | null)[]
  /** Of the tried ones, by the same tick: those that were first tried a tick or more after they were due. */
  postponed: number[]
  /** The same as `tried` by route and bucket: `Series.bucketMs` wide. */
  triedByRoute: Record<string, number[]>
  /** Attempts that ended in the tick, in whatever way. */
  departed: number[]
  /** Of these, the ones without a whole answer, and those answered 429 or 500 and above. */
  failed: number[]
  /** Heads that passed the proxy's front in the tick: with the id of a client's request, and without. Empty where there is no front. */
  heads: { known: number[]; unknown: number[] }
  /** Change in the number of requests on their way to the upstream, or there, whose client is still waiting. */
  waiting: number[]
  wakes: Wake[]
}

/** How a gateway ends what it keeps from an upstream whose breaker is open; an unmarked refusal is an `upstream_error`. */
export const refusals: readonly Outcome[] = ['rejected', 'fallback', 'upstream_error']

/** A request too large, or not allowed, is the client's own doing: no breaker refuses so. */
const isClientsDoing = (status: number): boolean => status >= 400 && status < 500 && status !== 429

const hasFailed = ({ clientGone, whole, status }: DepartureEvent): boolean =>
  clientGone || !whole || status === 0 || status === 429 || status >= 500

const MOST_OF_A_WAKE = 32
const AFTERMATH: Ms = 60_000

interface Counting extends Omit<Flow, 'keptLatencies'> {
  keptRecorder: LatencyTable
  /** The lists of `triedByRoute`, by place of the route. */
  triedByPlace: number[][]
  /** Among all flows. */
  place: number
  /** NaN before the first, as is the time since then: no quiet stretch is so long. */
  lastArrivalMs: Ms
  /** Ordinal of the first arrival of the last wake. */
  wokenBy: number
}

/** A request that nothing saw on its way. `due`: the tick. */
interface Untried {
  flow: Counting
  due: number
  route: number
  /** Where it counts when it shared no call; undefined where it did not end as a refusal that a breaker may have made. */
  as: 'kept' | 'elsewhere' | undefined
  lastedMs: Ms
}

export class FlowTally {
  readonly #tickMs: Ms
  readonly #origin: Ms
  /** What ends long after the plan is counted here, so that no time makes a list long. */
  readonly #lastTick: number
  /** By place in the plan. */
  readonly #flows: readonly Counting[]
  readonly #reached: readonly (readonly Counting[])[]
  /** Upstreams that some route reaches alone. */
  readonly #alone: ReadonlySet<string>
  readonly #routes: readonly string[]
  readonly #shared = new SharedCalls<Untried>(({ flow, due, route, as, lastedMs }, isShared) => {
    if (isShared) this.#passed(flow, due, route)
    else if (as !== undefined) countAt(flow[as], due)
    if (!isShared && as === 'kept') flow.keptRecorder.record(Math.floor(due / TICKS_PER_BUCKET), lastedMs)
  })

  constructor(plan: Plan, origin: Ms) {
    this.#tickMs = tickMsOf(plan)
    this.#origin = origin
    this.#lastTick = Math.ceil((plan.durationMs + AFTERMATH) / this.#tickMs)
    this.#flows = Object.keys(plan.upstreams).map(nothingOf)
    this.#routes = plan.load.mix.map(({ route }) => route)
    this.#reached = plan.load.mix.map(({ reaches }) =>
      [...new Set(reaches.map(({ upstream }) => upstream))].flatMap(
        (upstream) => this.#flows.find((flow) => flow.upstream === upstream) ?? [],
      ),
    )
    this.#alone = new Set(this.#reached.flatMap(([flow, ...others]) => (flow && others.length === 0 ? flow.upstream : [])))
  }

  /** `upstream`, here and below: its place in the plan. */
  arrival({ ordinal }: ArrivalEvent, upstream: number, atMs: Ms): void {
    const flow = this.#flows[upstream]
    if (!flow) return
    const quietMs = atMs - flow.lastArrivalMs
    flow.lastArrivalMs = atMs
    if (quietMs >= this.#tickMs * TICKS_PER_BUCKET) {
      flow.wakes.push({ arrivedMs: [atMs], answeredMs: null, failed: false })
      flow.wokenBy = ordinal
      return
    }
    const wake = flow.wakes.at(-1)
    if (wake && wake.arrivedMs.length < MOST_OF_A_WAKE) wake.arrivedMs.push(atMs)
  }

  departure(departure: DepartureEvent, upstream: number): void {
    const { ordinal, t } = departure
    const flow = this.#flows[upstream]
    if (!flow) return
    const tick = this.#tickOf(t)
    countAt(flow.departed, tick)
    const failed = hasFailed(departure)
    if (failed) countAt(flow.failed, tick)
    const wake = flow.wakes.at(-1)
    if (wake && wake.answeredMs === null && ordinal >= flow.wokenBy) Object.assign(wake, { answeredMs: t - this.#origin, failed })
  }

  head({ t }: AttemptEvent, upstream: number, isKnown: boolean): void {
    const flow = this.#flows[upstream]
    if (flow) countAt(isKnown ? flow.heads.known : flow.heads.unknown, this.#tickOf(t))
  }

  trace(trace: Trace): void {
    const { request, route, attempts, heads } = trace
    if (!request) return
    const due = this.#tickOf(request.due)
    for (const flow of this.#reached[route]!) {
      countAt(flow.asked, due)
      const question = route * this.#flows.length + flow.place
      let arrivedMs = Number.POSITIVE_INFINITY
      let overMs = Number.NEGATIVE_INFINITY
      for (const { arrival, departure } of attempts) {
        if (arrival.upstream !== flow.upstream) continue
        arrivedMs = Math.min(arrivedMs, arrival.t)
        overMs = Math.max(overMs, departure?.t ?? Number.POSITIVE_INFINITY)
      }
      let sentMs = arrivedMs
      for (const { upstream, t } of heads) if (upstream === flow.upstream && t < sentMs) sentMs = t
      if (sentMs === Number.POSITIVE_INFINITY) {
        this.#shared.untried(request, question, {
          flow,
          due,
          route,
          as: refusals.includes(request.outcome) && !isClientsDoing(request.status) ? this.#refusedBy(flow, trace) : undefined,
          lastedMs: request.t - request.due,
        })
        continue
      }
      // Nobody knows when what died on its way was given up.
      this.#shared.tried(request, question, arrivedMs === Number.POSITIVE_INFINITY ? request.t : overMs)
      if (sentMs - request.due >= this.#tickMs) countAt(flow.postponed, due)
      countAt(flow.waiting, this.#tickOf(sentMs))
      countAt(flow.waiting, this.#tickOf(Math.max(sentMs, request.t)), -1)
      if (arrivedMs === Number.POSITIVE_INFINITY) continue
      this.#passed(flow, due, route)
    }
  }

  result(): Flow[] {
    this.#shared.finish()
    return this.#flows.map(({ place: _place, lastArrivalMs: _last, wokenBy: _woken, triedByPlace: _tried, keptRecorder, ...flow }) =>
      Object.assign(flow, { keptLatencies: keptRecorder.result() }),
    )
  }

  /** Whether the refusal of a request that was not tried here is this upstream's, or another's of its route. */
  #refusedBy(flow: Counting, { route, attempts, heads }: Trace): 'kept' | 'elsewhere' {
    if (this.#reached[route]!.length === 1) return 'kept'
    if (attempts.length === 0 && heads.length === 0) return this.#alone.has(flow.upstream) ? 'elsewhere' : 'kept'
    return attempts.length >= heads.length && attempts.every(({ departure }) => departure && !hasFailed(departure)) ? 'kept' : 'elsewhere'
  }

  #passed(flow: Counting, due: number, route: number): void {
    countAt(flow.tried, due)
    const tried = (flow.triedByPlace[route] ??= flow.triedByRoute[this.#routes[route]!] = [])
    countAt(tried, Math.floor(due / TICKS_PER_BUCKET))
  }

  #tickOf(t: Ms): number {
    return Math.min(this.#lastTick, Math.max(0, Math.floor((t - this.#origin) / this.#tickMs)))
  }
}

const nothingOf = (upstream: string, place: number): Counting => ({
  upstream,
  place,
  asked: [],
  tried: [],
  kept: [],
  elsewhere: [],
  keptRecorder: new LatencyTable(2),
  triedByPlace: [],
  postponed: [],
  // Names of routes come from outside: one may be `__proto__`.
  triedByRoute: Object.create(null) as Record<string, number[]>,
  departed: [],
  failed: [],
  heads: { known: [], unknown: [] },
  waiting: [],
  wakes: [],
  lastArrivalMs: Number.NaN,
  wokenBy: 0,
})
