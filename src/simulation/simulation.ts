// One simulated play of a plan: load, gateway and fakes on one queue of events. It is moved on step by step, so that whoever runs it can
// look up in between.
import type { CustomFaults } from '../faults/custom-fault.ts'
import type { Ms } from '../kernel/clock.ts'
import type { JournalEvent } from '../evidence/events.ts'
import { type Traffic, trafficTo } from '../evidence/traffic.ts'
import { Deadlines } from '../gateway/upstream/deadlines.ts'
import type { Plan } from '../plan/plan.ts'
import type { Upstream } from '../upstreams/define.ts'
import type { Calibration } from './calibration/calibration.ts'
import { EventQueue } from './event-queue.ts'
import { openFake } from './fake/fake.ts'
import { SimulatedGateway } from './gateway/gateway.ts'
import { openLegs } from './legs.ts'
import { SimulatedLoad } from './load.ts'
import { Timeline } from './timeline.ts'
import { ownPolicies, type Policies, type World } from './world.ts'

/** The plan's fakes and its author's own faults, loaded. */
export interface Cast {
  upstreams: ReadonlyMap<string, Upstream>
  customFaults: CustomFaults
}

export interface SimulationOptions {
  cast: Cast
  calibration: Calibration
  /** Prefix of the request ids. */
  run: string
  write: (event: JournalEvent) => void
  /** Who takes the events of the traffic, asked when the run line is written. Default: `write`. */
  traffic?: () => Traffic
  policies?: Policies
}

/** When the load starts; before it the stage is set up. */
const ORIGIN: Ms = 1000

export class Simulation {
  readonly #queue = new EventQueue(ORIGIN)
  readonly #load: SimulatedLoad
  readonly #timeline: Timeline
  readonly #gateway: SimulatedGateway

  constructor(plan: Plan, { cast, calibration, run, write, traffic = () => trafficTo(write), policies = ownPolicies }: SimulationOptions) {
    const queue = this.#queue
    write({
      type: 'run',
      t: ORIGIN,
      schemaVersion: 2,
      scenario: plan.scenario,
      seed: plan.seed,
      run,
      origin: ORIGIN,
      // Simulated time has no date.
      startedAt: new Date(0).toISOString(),
    })
    const world: World = {
      policies,
      queue,
      legs: openLegs(calibration, plan.seed),
      deadlines: new Deadlines(queue),
      origin: ORIGIN,
      tell: traffic(),
      write,
    }
    const fakes = new Map(
      Array.from(cast.upstreams, ([name, upstream]) => [name, openFake(upstream, plan.seed, cast.customFaults, world)] as const),
    )
    this.#gateway = new SimulatedGateway(plan, world, fakes)
    this.#timeline = new Timeline(plan, world, this.#gateway)
    this.#load = new SimulatedLoad(plan, world, this.#gateway, run)
  }

  /** Time in the simulation. */
  get now(): Ms {
    return this.#queue.now()
  }

  /** Takes up to `steps` steps. True: the play is over. */
  advance(steps: number): boolean {
    const [queue, load] = [this.#queue, this.#load]
    for (let step = 0; step < steps; step++) {
      const due = load.next
      const next = queue.next
      if (this.#isOver || (due === Number.POSITIVE_INFINITY && next === Number.POSITIVE_INFINITY)) return true
      if (due <= next) {
        queue.advance(due)
        load.act()
      } else queue.step()
    }
    return false
  }

  /** Everything has ended that was begun, at the fakes too. */
  get #isOver(): boolean {
    if (!this.#load.isDone || !this.#timeline.isDone) return false
    for (const { fake } of this.#gateway.upstreams.values()) if (fake.inFlight > 0) return false
    return true
  }
}
