// The plan's arrivals: when request i is due, and what it asks. Lazy, seeded, and the same for every stage.
import type { Ms } from '../kernel/clock.ts'
import { draws, seededRandom } from '../kernel/random.ts'
import type { Identity, Plan, PlannedLoad, PlannedRoute } from './plan.ts'

export interface Arrival {
  index: number
  /** Milliseconds since load start. */
  dueMs: Ms
  route: PlannedRoute
  path: string
  body: unknown
  /** Absent where the route names none. */
  identity: Identity | undefined
}

/** Arrivals in order of time: those of the mix, and between them the probes, which change nothing about the others. */
export function* arrivals(plan: Pick<Plan, 'load' | 'phases' | 'seed'>): Generator<Arrival> {
  const { seed } = plan
  const draw = { path: draws(seed, 'path'), body: draws(seed, 'body'), identity: draws(seed, 'identity') }
  const probes = probesOf(plan.load)
  let index = 0
  let nextProbe = 0
  const arrival = ({ dueMs, route, ordinal }: Due): Arrival => ({
    index: index++,
    dueMs,
    route,
    path: pick(route.paths, draw.path, ordinal)!,
    body: pick(route.bodies, draw.body, ordinal),
    identity: route.identities && pick(route.identities, draw.identity, ordinal),
  })
  for (const due of ofMix(plan)) {
    while (nextProbe < probes.length && probes[nextProbe]!.dueMs <= due.dueMs) yield arrival(probes[nextProbe++]!)
    yield arrival(due)
  }
  while (nextProbe < probes.length) yield arrival(probes[nextProbe++]!)
}

interface Due {
  dueMs: Ms
  route: PlannedRoute
  /** Counts apart for the mix and for each probe: it decides what is drawn. */
  ordinal: number
}

function probesOf({ mix }: PlannedLoad): Due[] {
  return mix
    .flatMap((route) =>
      Array.from({ length: route.probe?.count ?? 0 }, (_, ordinal) => ({
        dueMs: route.probe!.fromMs + ordinal * route.probe!.everyMs,
        route,
        ordinal,
      })),
    )
    .toSorted((a, b) => a.dueMs - b.dueMs)
}

/**
 * Arrivals of the mix in order of time. Times come from inverting the cumulative rate: a unit-rate process (constant steps, or
 * exponential gaps for Poisson) is stretched by the rate, so ramps need no thinning and every index costs the same draws.
 */
function* ofMix(plan: Pick<Plan, 'load' | 'phases' | 'seed'>): Generator<Due> {
  const { load, seed } = plan
  const gaps = seededRandom(seed).stream('arrivals')
  const poisson = load.arrivals === 'poisson'
  const timeAt = clockOf(load)
  const routeAt = mixOf(plan)
  const routeDraw = draws(seed, 'route')
  let mass = poisson ? gaps.exponential(1) : 0.5
  for (let ordinal = 0; ; ordinal++) {
    const dueMs = timeAt(mass)
    if (dueMs === undefined) return
    const route = routeAt(dueMs, routeDraw(ordinal))
    if (route) yield { dueMs, route, ordinal }
    mass += poisson ? gaps.exponential(1) : 1
  }
}

/** Expected arrivals between two times: the area under the rate. */
export function expectedArrivals(load: Pick<PlannedLoad, 'rate'>, fromMs: Ms, toMs: Ms): number {
  let area = 0
  for (const piece of load.rate) {
    const from = Math.max(fromMs, piece.fromMs)
    const to = Math.min(toMs, piece.toMs)
    if (to > from) area += ((rateAt(piece, from) + rateAt(piece, to)) / 2) * ((to - from) / 1000)
  }
  return area
}

type Piece = PlannedLoad['rate'][number]

function rateAt(piece: Piece, at: Ms): number {
  const along = piece.toMs === piece.fromMs ? 0 : (at - piece.fromMs) / (piece.toMs - piece.fromMs)
  return piece.startPerSecond + (piece.endPerSecond - piece.startPerSecond) * along
}

/** The time at which the cumulative rate reaches a mass, for masses that never fall; undefined after the end of the load. */
function clockOf({ rate }: PlannedLoad): (mass: number) => Ms | undefined {
  let at = 0
  let before = 0
  return (mass) => {
    for (; at < rate.length; at++) {
      const piece = rate[at]!
      const span = (piece.toMs - piece.fromMs) / 1000
      const area = ((piece.startPerSecond + piece.endPerSecond) / 2) * span
      const left = mass - before
      if (left > area) {
        before += area
        continue
      }
      // Solve a·t²/2 + b·t = left for t in seconds, in the form that stays exact when the slope a vanishes.
      const slope = span === 0 ? 0 : (piece.endPerSecond - piece.startPerSecond) / span
      const root = Math.sqrt(piece.startPerSecond ** 2 + 2 * slope * left)
      return piece.fromMs + (1000 * (2 * left)) / (piece.startPerSecond + root)
    }
    return undefined
  }
}

/** Which route a draw in [0, 1) falls on at a time, for times that never fall. */
function mixOf({ load, phases }: Pick<Plan, 'load' | 'phases'>): (dueMs: Ms, draw: number) => PlannedRoute | undefined {
  let at = -1
  let active: PlannedRoute[] = []
  let weight = 0
  const enter = (phase: number): void => {
    at = phase
    const name = phases[phase]?.name ?? ''
    active = load.mix.filter(({ during, probe }) => probe === undefined && (during === undefined || during.includes(name)))
    weight = active.reduce((total, route) => total + route.weight, 0)
  }
  return (dueMs, draw) => {
    let phase = Math.max(0, at)
    while (phase < phases.length && dueMs >= phases[phase]!.endMs) phase++
    if (phase !== at) enter(phase)
    let left = draw * weight
    for (const route of active) if ((left -= route.weight) < 0) return route
    return active.at(-1)
  }
}

const pick = <T>(values: readonly T[], draw: (ordinal: number) => number, index: number): T | undefined =>
  values.length < 2 ? values[0] : values[Math.floor(draw(index) * values.length)]
