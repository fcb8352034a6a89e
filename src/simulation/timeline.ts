// Phases and faults at their planned times, and each second the fakes' connections: what the conductor of a live play tells.
import type { FaultEvent } from '../evidence/events.ts'
import type { Ms } from '../kernel/clock.ts'
import type { Plan, PlannedFault } from '../plan/plan.ts'
import type { SimulatedGateway } from './gateway/gateway.ts'
import type { World } from './world.ts'

const SECOND: Ms = 1000

export class Timeline {
  /** The last phase has ended, and its faults are cleared. */
  isDone = false
  readonly #plan: Plan
  readonly #world: World
  readonly #gateway: SimulatedGateway
  #phase = -1
  #faultsOn = 0

  constructor(plan: Plan, world: World, gateway: SimulatedGateway) {
    this.#plan = plan
    this.#world = world
    this.#gateway = gateway
    world.queue.callAt(world.origin + plan.phases[0]!.startMs, () => this.#turn())
    this.#everySecond()
  }

  /** One phase ends, and the next begins. */
  #turn(): void {
    const { phases } = this.#plan
    const [past, next] = [phases[this.#phase], phases[++this.#phase]]
    if (past) this.#end(past.name)
    if (!next) return this.#look()
    this.#tellPhase(next.name, 'start')
    for (const fault of this.#plan.faults) if (fault.phase === next.name) this.#inject(fault)
    this.#world.queue.callAt(this.#world.origin + next.endMs, () => this.#turn())
  }

  #end(phase: string): void {
    this.#tellPhase(phase, 'end')
    for (const fault of this.#plan.faults) if (fault.phase === phase) this.#clear(fault)
  }

  #inject(planned: PlannedFault): void {
    const { queue, legs } = this.#world
    this.#faultsOn++
    this.#tell(planned, 'requested')
    queue.after(legs.fault.next(), () => {
      this.#set(planned)
      this.#tell(planned, 'acknowledged')
      // What the simulation puts on acts at once; arrivals tell of request faults.
      if (planned.fault.made !== 'request') this.#tell(planned, 'bite', 'it is simulated')
    })
  }

  #clear(planned: PlannedFault): void {
    const { queue, legs } = this.#world
    this.#tell(planned, 'clear_requested')
    queue.after(legs.fault.next(), () => {
      this.#unset(planned)
      this.#tell(planned, 'cleared')
      this.#faultsOn--
      this.#look()
    })
  }

  #set(planned: PlannedFault): void {
    const { id, fault } = planned
    const { fake, proxy } = this.#upstreamOf(planned)
    if (fault.made === 'request') fake.faults.set({ id, fault: fault.fault, hits: fault.hits })
    // The proxy was made for faults of the network and of processes. Of these, only an upstream that is killed is modelled.
    else if (fault.made === 'network') proxy!.set(id, fault)
    else proxy!.kill(id)
  }

  #unset(planned: PlannedFault): void {
    const { fake, proxy } = this.#upstreamOf(planned)
    fake.faults.clear(planned.id)
    proxy?.clear(planned.id)
  }

  // A request fault has an upstream, and a plan no other than its own.
  #upstreamOf({ upstream = '' }: PlannedFault) {
    return this.#gateway.upstreams.get(upstream)!
  }

  #look(): void {
    if (this.#phase >= this.#plan.phases.length && this.#faultsOn === 0) this.isDone = true
  }

  #everySecond(): void {
    const { queue, write } = this.#world
    for (const { name, pool } of this.#gateway.upstreams.values())
      write({ type: 'sockets', t: queue.now(), upstream: name, open: pool.openSockets })
    queue.after(SECOND, () => this.isDone || this.#everySecond())
  }

  #tellPhase(phase: string, edge: 'start' | 'end'): void {
    this.#world.write({ type: 'phase', t: this.#world.queue.now(), phase, edge })
  }

  #tell({ id }: PlannedFault, edge: FaultEvent['edge'], detail?: string): void {
    this.#world.write({ type: 'fault', t: this.#world.queue.now(), fault: id, edge, ...(detail !== undefined && { detail }) })
  }
}
