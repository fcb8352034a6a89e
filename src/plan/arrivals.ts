// The plan's arrivals: when request i is due, and what it asks. Lazy, seeded, and the same for every stage.
import type { Ms } from '../kernel/clock.ts'
import { drawFor, seededRandom } from '../kernel/random.ts'
import type { Plan, PlannedLoad, PlannedRoute } from './plan.ts'

export interface Arrival {
  index: number
  /** Milliseconds since load start. */
  dueMs: Ms
  route: PlannedRoute
  path: string
  body: unknown
}

/**
 * Arrivals in order of time. Times come from inverting the cumulative rate: a unit-rate process (constant steps, or
 * exponential gaps for Poisson) is stretched by the rate, so ramps need no thinning and every index costs the same draws.
 */
export function* arrivals(plan: Pick<Plan, 'load' | 'phases' | 'seed'>): Generator<Arrival> {
  const gaps = seededRandom(plan.seed).stream('arrivals')
  const gap = plan.load.arrivals === 'poisson' ? () => gaps.exponential(1) : () => 1
  let mass = plan.load.arrivals === 'poisson' ? gap() : 0.5
  for (let index = 0; ; index++) {
    const dueMs = timeAtMass(plan.load, mass)
    if (dueMs === undefined) return
    const route = pickRoute(plan, dueMs, drawFor(plan.seed, 'route', index))
    if (route)
      yield {
        index,
        dueMs,
        route,
        path: pick(route.paths, drawFor(plan.seed, 'path', index))!,
        body: pick(route.bodies, drawFor(plan.seed, 'body', index)),
      }
    mass += gap()
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

/** The time at which the cumulative rate reaches `mass`; undefined after the end of the load. */
function timeAtMass(load: PlannedLoad, mass: number): Ms | undefined {
  let left = mass
  for (const piece of load.rate) {
    const span = (piece.toMs - piece.fromMs) / 1000
    const area = ((piece.startPerSecond + piece.endPerSecond) / 2) * span
    if (left > area) {
      left -= area
      continue
    }
    // Solve a·t²/2 + b·t = left for t in seconds, in the form that stays exact when the slope a vanishes.
    const slope = span === 0 ? 0 : (piece.endPerSecond - piece.startPerSecond) / span
    const root = Math.sqrt(piece.startPerSecond ** 2 + 2 * slope * left)
    return piece.fromMs + (1000 * (2 * left)) / (piece.startPerSecond + root)
  }
  return undefined
}

function pickRoute(plan: Pick<Plan, 'load' | 'phases'>, dueMs: Ms, draw: number): PlannedRoute | undefined {
  const phase = plan.phases.find((candidate) => dueMs < candidate.endMs)?.name ?? ''
  const active = plan.load.mix.filter((route) => isActive(route, phase))
  let left = draw * sum(active)
  for (const route of active) if ((left -= route.weight) < 0) return route
  return active.at(-1)
}

const isActive = (route: PlannedRoute, phase: string): boolean => route.during === undefined || route.during.includes(phase)
const sum = (routes: PlannedRoute[]): number => routes.reduce((total, route) => total + route.weight, 0)
const pick = <T>(values: readonly T[], draw: number): T | undefined => values[Math.floor(draw * values.length)]
