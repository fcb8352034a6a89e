// What one walk over the plan's arrivals tells: how many requests each phase asks for, and which phase and time an ordinal has.
// Arrivals come in order of time, so phases and ticks are ranges of ordinals: a few numbers stand for any number of requests.
import type { Ms } from '../kernel/clock.ts'
import { KeptWith } from '../kernel/kept-with.ts'
import { type Arrival, UpcomingArrivals } from './arrivals.ts'
import { KnownArrivals } from './known-arrivals.ts'
import { type Plan, reaches } from './plan.ts'

export interface PlannedCount {
  phase: string
  route: string
  requests: number
}

export interface PlanIndex {
  /** Ordinals of the plan's requests are below this. */
  end: number
  /** Exact counts, in the plan's order of phases and routes; only those above 0. */
  planned: readonly PlannedCount[]
  /** Width of a tick: 50 ms; more in plans over ten minutes, so that there are at most 12,000. */
  tickMs: Ms
  /** The phase, as its place in the plan, that `atMs` lies in; the first one before load start, the last one after the end. */
  phaseAt(atMs: Ms): number
  /** The phase, as its place in the plan, in which the plan's request `index` is due. */
  phaseOf(index: number): number
  /** When the plan's request `index` is due: the beginning of its tick. */
  dueMs(index: number): Ms
  /** How many requests are due in tick i. */
  dueInTick(tick: number): number
  /** Undefined where there are too many to keep. */
  arrivals: KnownArrivals | undefined
}

type Indexed = Pick<Plan, 'phases' | 'load' | 'seed' | 'durationMs'>

const walked = new KeptWith<Plan['load'], { of: Indexed; index: PlanIndex }>('index')

/** Walks all arrivals of the plan the first time it is asked: about a fifth of a second for a million. */
export function planIndex(plan: Indexed): PlanIndex {
  const known = walked.get(plan.load)
  if (known && known.of.phases === plan.phases && known.of.seed === plan.seed && known.of.durationMs === plan.durationMs) return known.index
  const index = walk(plan)
  const { load, phases, seed, durationMs } = plan
  walked.set(load, { of: { load, phases, seed, durationMs }, index })
  return index
}

/** Planned requests of one phase: all, or those of routes that reach an upstream. */
export function plannedRequests(plan: Plan, phase: string, upstream?: string): number {
  const counted = new Set(plan.load.mix.filter((route) => upstream === undefined || reaches(route, upstream)).map(({ route }) => route))
  return planIndex(plan).planned.reduce(
    (total, count) => total + (count.phase === phase && counted.has(count.route) ? count.requests : 0),
    0,
  )
}

/** The plan's arrivals, one with each call; undefined after the last. Those that were drawn for the index are not drawn again. */
export function upcomingArrivals(plan: Indexed): () => Arrival | undefined {
  const { arrivals: known } = planIndex(plan)
  if (known) {
    let next = 0
    return () => known.at(next++)
  }
  const drawn = new UpcomingArrivals(plan)
  return () => drawn.take()
}

const FINEST_TICK: Ms = 50
const MAX_TICKS = 12_000

export function tickMsOf({ durationMs }: Pick<Plan, 'durationMs'>): Ms {
  return FINEST_TICK * Math.max(1, Math.ceil(durationMs / (FINEST_TICK * MAX_TICKS)))
}

function walk(plan: Indexed): PlanIndex {
  const { phases, load } = plan
  const tickMs = tickMsOf(plan)
  const last = Math.max(0, phases.length - 1)
  const routeAt = new Map(load.mix.map((route, at) => [route, at]))
  const counts = phases.map(() => new Float64Array(load.mix.length))
  // By tick: the ordinal of its first request. A tick without one has the next one's.
  const firstInTick: number[] = []
  const firstInPhase = phases.map(() => Number.POSITIVE_INFINITY)
  let known: KnownArrivals | undefined = new KnownArrivals(load)
  let phase = 0
  let end = 0
  const upcoming = new UpcomingArrivals(plan)
  for (let arrival = upcoming.take(); arrival; arrival = upcoming.take()) {
    const { index, dueMs, route } = arrival
    while (phase < last && dueMs >= phases[phase]!.endMs) phase++
    if (firstInPhase[phase] === Number.POSITIVE_INFINITY) firstInPhase[phase] = index
    const tick = Math.floor(dueMs / tickMs)
    while (firstInTick.length <= tick) firstInTick.push(index)
    const row = counts[phase]
    if (row) row[routeAt.get(route)!]!++
    if (known?.isFull) known = undefined
    known?.add(arrival)
    end = index + 1
  }
  let lastTick = 0
  const planned = phases.flatMap(({ name }, at) =>
    load.mix.map(({ route }, which) => ({ phase: name, route, requests: counts[at]![which]! })),
  )
  return {
    end,
    planned: planned.filter(({ requests }) => requests > 0),
    tickMs,
    phaseAt(atMs) {
      let at = 0
      while (at < last && atMs >= phases[at]!.endMs) at++
      return at
    },
    phaseOf(index) {
      let at = last
      while (at > 0 && index < firstInPhase[at]!) at--
      return at
    },
    dueMs(index) {
      // Who asks in order of time asks for several of one tick.
      if (!(firstInTick[lastTick]! <= index && index < (firstInTick[lastTick + 1] ?? end)))
        lastTick = Math.max(0, lastNotAfter(firstInTick, index))
      return lastTick * tickMs
    },
    dueInTick: (tick) => (firstInTick[tick + 1] ?? end) - (firstInTick[tick] ?? end),
    arrivals: known,
  }
}

/** The place of the last of `firsts`, which never fall, that is not above `index`; −1 when there is none. */
function lastNotAfter(firsts: readonly number[], index: number): number {
  let [low, high] = [0, firsts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (firsts[middle]! <= index) low = middle + 1
    else high = middle
  }
  return low - 1
}
