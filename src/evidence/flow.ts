// How requests flow through each upstream over time: who was due, who was tried there, and what was in flight.
// Breakers are inferred from it where the gateway tells nothing, and it shows when users are served again.
//
//   asked     ••••••••••••••••••••••••••••••   requests due, of routes that reach the upstream
//   tried     •••••••••                ••••••   of these, the ones that arrived there at all
//   wakes                             |•••      the first arrivals after a quiet stretch, to the millisecond
import type { Ms } from '../kernel/clock.ts'
import { tickMsOf } from '../plan/plan-index.ts'
import type { Plan } from '../plan/plan.ts'
import type { ArrivalEvent, DepartureEvent } from './events.ts'
import { TICKS_PER_BUCKET } from './time-series.ts'
import type { Trace } from './trace.ts'

/** The first arrivals after a quiet stretch. */
export interface Wake {
  /** When they arrived, in order; at most `MOST_OF_A_WAKE`. */
  arrivedMs: Ms[]
  /** When the first of them was answered, or given up; null while none was. */
  answeredMs: Ms | null
}

/** Lists are by tick, as in `Series`. */
export interface Flow {
  upstream: string
  /** Requests that were due, of routes that reach the upstream. */
  asked: number[]
  /** Of these, by the tick in which they were due: those with an attempt there that is joined to them. */
  tried: number[]
  /** The same by route and bucket: `Series.bucketMs` wide. */
  triedByRoute: Record<string, number[]>
  /** Attempts that ended in the tick, in whatever way. */
  departed: number[]
  /** Of these, the ones without a whole answer, and those answered 429 or 500 and above. */
  failed: number[]
  /** Change in the number of tried requests whose client is still waiting. */
  waiting: number[]
  wakes: Wake[]
}

const MOST_OF_A_WAKE = 32
const AFTERMATH: Ms = 60_000

interface Counting extends Flow {
  lastArrivalMs: Ms | undefined
  /** Ordinal of the first arrival of the last wake. */
  wokenBy: number
}

export class FlowTally {
  readonly #tickMs: Ms
  readonly #origin: Ms
  /** What ends long after the plan is counted here, so that no time makes a list long. */
  readonly #lastTick: number
  readonly #flows: ReadonlyMap<string, Counting>
  readonly #reached: readonly (readonly Counting[])[]
  readonly #routes: readonly string[]

  constructor(plan: Plan, origin: Ms) {
    this.#tickMs = tickMsOf(plan)
    this.#origin = origin
    this.#lastTick = Math.ceil((plan.durationMs + AFTERMATH) / this.#tickMs)
    this.#flows = new Map(Object.keys(plan.upstreams).map((upstream) => [upstream, nothingOf(upstream)]))
    this.#routes = plan.load.mix.map(({ route }) => route)
    this.#reached = plan.load.mix.map(({ reaches }) =>
      [...new Set(reaches.map(({ upstream }) => upstream))].flatMap((upstream) => this.#flows.get(upstream) ?? []),
    )
  }

  arrival({ upstream, ordinal }: ArrivalEvent, atMs: Ms): void {
    const flow = this.#flows.get(upstream)
    if (!flow) return
    const quietMs = flow.lastArrivalMs === undefined ? 0 : atMs - flow.lastArrivalMs
    flow.lastArrivalMs = atMs
    if (quietMs >= this.#tickMs * TICKS_PER_BUCKET) {
      flow.wakes.push({ arrivedMs: [atMs], answeredMs: null })
      flow.wokenBy = ordinal
      return
    }
    const wake = flow.wakes.at(-1)
    if (wake && wake.arrivedMs.length < MOST_OF_A_WAKE) wake.arrivedMs.push(atMs)
  }

  departure({ upstream, ordinal, t, status, whole, clientGone }: DepartureEvent): void {
    const flow = this.#flows.get(upstream)
    if (!flow) return
    const tick = this.#tickOf(t)
    add(flow.departed, tick, 1)
    if (clientGone || !whole || status === 0 || status === 429 || status >= 500) add(flow.failed, tick, 1)
    const wake = flow.wakes.at(-1)
    if (wake && wake.answeredMs === null && ordinal >= flow.wokenBy) wake.answeredMs = t - this.#origin
  }

  trace({ request, route, attempts }: Trace): void {
    if (!request) return
    const due = this.#tickOf(request.due)
    for (const flow of this.#reached[route]!) {
      add(flow.asked, due, 1)
      let firstMs = Number.POSITIVE_INFINITY
      for (const { arrival } of attempts) if (arrival.upstream === flow.upstream && arrival.t < firstMs) firstMs = arrival.t
      if (firstMs === Number.POSITIVE_INFINITY) continue
      add(flow.tried, due, 1)
      add((flow.triedByRoute[this.#routes[route]!] ??= []), Math.floor(due / TICKS_PER_BUCKET), 1)
      add(flow.waiting, this.#tickOf(firstMs), 1)
      add(flow.waiting, this.#tickOf(Math.max(firstMs, request.t)), -1)
    }
  }

  result(): Flow[] {
    return [...this.#flows.values()].map(({ lastArrivalMs: _last, wokenBy: _woken, ...flow }) => flow)
  }

  #tickOf(t: Ms): number {
    return Math.min(this.#lastTick, Math.max(0, Math.floor((t - this.#origin) / this.#tickMs)))
  }
}

const nothingOf = (upstream: string): Counting => ({
  upstream,
  asked: [],
  tried: [],
  // Names of routes come from outside: one may be `__proto__`.
  triedByRoute: Object.create(null) as Record<string, number[]>,
  departed: [],
  failed: [],
  waiting: [],
  wakes: [],
  lastArrivalMs: undefined,
  wokenBy: 0,
})

function add(counts: number[], place: number, count: number): void {
  while (counts.length <= place) counts.push(0)
  counts[place]! += count
}
