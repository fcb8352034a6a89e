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
  /** Which of the ways in which the load asks: another small number for each route, path, body and identity. */
  way: number
}

type Loaded = Pick<Plan, 'load' | 'phases' | 'seed'>

/** Arrivals in order of time: those of the mix, and between them the probes, which change nothing about the others. */
export function* arrivals(plan: Loaded): Generator<Arrival> {
  const upcoming = new UpcomingArrivals(plan)
  for (let arrival = upcoming.take(); arrival; arrival = upcoming.take()) yield arrival
}

/** The same for who takes very many, one at a time. */
export class UpcomingArrivals {
  readonly #ways: Ways
  readonly #routes: number
  readonly #places: ReadonlyMap<PlannedRoute, number>
  readonly #mix: Mix
  readonly #probes: readonly Due[]
  #nextProbe = 0
  #index = 0
  readonly #pathDraw: Draw
  readonly #bodyDraw: Draw
  readonly #identityDraw: Draw

  constructor(plan: Loaded) {
    const { load, seed } = plan
    this.#ways = new Ways(load)
    this.#routes = load.mix.length
    this.#places = new Map(load.mix.map((route, place) => [route, place]))
    this.#mix = new Mix(plan)
    this.#probes = probesOf(load)
    this.#pathDraw = draws(seed, 'path')
    this.#bodyDraw = draws(seed, 'body')
    this.#identityDraw = draws(seed, 'identity')
  }

  /** The next one; undefined after the last. */
  take(): Arrival | undefined {
    const mix = this.#mix
    const probe = this.#probes[this.#nextProbe]
    if (probe && (mix.route === undefined || probe.dueMs <= mix.dueMs)) {
      this.#nextProbe++
      return this.#arrival(probe.dueMs, probe.route, probe.ordinal)
    }
    if (mix.route === undefined) return undefined
    const arrival = this.#arrival(mix.dueMs, mix.route, mix.ordinal)
    mix.advance()
    return arrival
  }

  #arrival(dueMs: Ms, route: PlannedRoute, ordinal: number): Arrival {
    const { paths, bodies, identities = NOBODY } = route
    const path = placeOf(paths.length, this.#pathDraw, ordinal)
    const body = placeOf(bodies.length, this.#bodyDraw, ordinal)
    const identity = placeOf(identities.length, this.#identityDraw, ordinal)
    const ofRoute = (path * Math.max(1, bodies.length) + body) * Math.max(1, identities.length) + identity
    return this.#ways.arrival(this.#index++, dueMs, ofRoute * this.#routes + this.#places.get(route)!)
  }
}

type Asked = Pick<Arrival, 'route' | 'path' | 'body' | 'identity'>

/** The ways in which a load asks. What each asks for is worked out once. */
export class Ways {
  readonly #mix: readonly PlannedRoute[]
  readonly #known: Asked[] = []

  constructor({ mix }: Pick<PlannedLoad, 'mix'>) {
    this.#mix = mix
  }

  /** The arrival that asks in this way. */
  arrival(index: number, dueMs: Ms, way: number): Arrival {
    const { route, path, body, identity } = (this.#known[way] ??= askedIn(this.#mix, way))
    return { index, dueMs, route, path, body, identity, way }
  }
}

function askedIn(mix: readonly PlannedRoute[], way: number): Asked {
  const place = way % mix.length
  const route = mix[place]!
  const { paths, bodies, identities = NOBODY } = route
  const [bodyCount, identityCount] = [Math.max(1, bodies.length), Math.max(1, identities.length)]
  const ofRoute = (way - place) / mix.length
  const identity = ofRoute % identityCount
  const content = (ofRoute - identity) / identityCount
  const body = content % bodyCount
  const path = (content - body) / bodyCount
  return { route, path: paths[path]!, body: bodies[body], identity: identities[identity] }
}

type Draw = (ordinal: number) => number

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
 * Where the mix's arrivals stand. Times come from inverting the cumulative rate: a unit-rate process (constant steps, or
 * exponential gaps for Poisson) is stretched by the rate, so ramps need no thinning and every index costs the same draws.
 */
class Mix {
  dueMs: Ms = 0
  ordinal = -1
  /** Undefined after the last. */
  route: PlannedRoute | undefined
  #mass = 0
  readonly #gap: () => number
  readonly #timeAt: (mass: number) => Ms | undefined
  readonly #routeAt: (dueMs: Ms, draw: number) => PlannedRoute | undefined
  readonly #routeDraw: Draw

  constructor(plan: Loaded) {
    const { load, seed } = plan
    const gaps = seededRandom(seed).stream('arrivals')
    const isPoisson = load.arrivals === 'poisson'
    this.#gap = isPoisson ? () => gaps.exponential(1) : () => 1
    this.#mass = isPoisson ? 0 : -0.5
    this.#timeAt = clockOf(load)
    this.#routeAt = mixOf(plan)
    this.#routeDraw = draws(seed, 'route')
    this.advance()
  }

  advance(): void {
    do {
      this.#mass += this.#gap()
      const dueMs = this.#timeAt(this.#mass)
      this.ordinal++
      if (dueMs === undefined) return void (this.route = undefined)
      this.dueMs = dueMs
      this.route = this.#routeAt(dueMs, this.#routeDraw(this.ordinal))
      // Nothing of the mix may be asked for in a phase.
    } while (this.route === undefined)
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

const NOBODY: readonly Identity[] = []

/** Where in a list of `count` an ordinal's draw falls. A list of one needs none. */
function placeOf(count: number, draw: (ordinal: number) => number, ordinal: number): number {
  return count < 2 ? 0 : Math.floor(draw(ordinal) * count)
}
