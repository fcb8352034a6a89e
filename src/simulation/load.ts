// The plan's load in the simulation: open loop, as the live one (stage/live/load/generator.ts), told in the same events.
import { answerAsks, carriedAsks } from '../criteria/criteria.ts'
import { requestId } from '../evidence/request-id.ts'
import type { Ms } from '../kernel/clock.ts'
import { type Arrival, arrivals } from '../plan/arrivals.ts'
import type { Plan } from '../plan/plan.ts'
import { type AnswerAsks, KnownBodies } from '../stage/live/load/answer-meter.ts'
import { classify, type Ending } from '../stage/live/load/classify.ts'
import { type LookFor, lookFor } from '../stage/live/load/look-for.ts'
import { Tally } from '../stage/live/load/tally.ts'
import type { Actor } from './event-queue.ts'
import { type Client, Exchange } from './exchange.ts'
import type { SimulatedGateway } from './gateway/gateway.ts'
import { questions } from './questions.ts'
import type { World } from './world.ts'

const SECOND: Ms = 1000
const EACH_SECOND = 0

export class SimulatedLoad implements Actor, Client {
  readonly asks: AnswerAsks
  readonly knownBodies = new KnownBodies()
  /** No more is due, and all has ended. */
  isDone = false
  readonly #world: World
  readonly #gateway: SimulatedGateway
  readonly #run: string
  readonly #timeoutMs: Ms
  readonly #lookFor: LookFor | undefined
  readonly #questionOf = questions()
  readonly #upcoming: Generator<Arrival>
  readonly #tally = new Tally()
  #next: Arrival | undefined
  #seconds = 1
  // In order of due time. All have the same timeout, so that the first that is not over is the next to time out.
  #flights: Exchange[] = []
  #first = 0

  constructor(plan: Plan, world: World, gateway: SimulatedGateway, run: string) {
    this.#world = world
    this.#gateway = gateway
    this.#run = run
    this.#timeoutMs = plan.load.timeoutMs
    this.asks = new Set(answerAsks(plan.criteria))
    const carried = carriedAsks(plan.criteria)
    this.#lookFor = carried.length > 0 ? lookFor(carried) : undefined
    this.#upcoming = arrivals(plan)
    this.#next = this.#upcoming.next().value ?? undefined
    world.queue.at(world.origin + SECOND, this, EACH_SECOND)
  }

  /** When something is due next, or times out. */
  get next(): Ms {
    const due = this.#next ? this.#world.origin + this.#next.dueMs : Number.POSITIVE_INFINITY
    const oldest = this.#oldest()
    return oldest ? Math.min(due, oldest.due + this.#timeoutMs) : due
  }

  /** Does what is due now. */
  act(): void {
    const now = this.#world.queue.now()
    for (let oldest = this.#oldest(); oldest && oldest.due + this.#timeoutMs <= now; oldest = this.#oldest()) oldest.giveUp()
    while (this.#next && this.#world.origin + this.#next.dueMs <= now) {
      this.#send(this.#next)
      this.#next = this.#upcoming.next().value ?? undefined
    }
    this.#look()
  }

  ended(exchange: Exchange, ending: Ending): void {
    exchange.isOver = true
    const { id, due, sent, arrival } = exchange
    const { index, route, identity } = arrival
    const t = this.#world.queue.now()
    const classified = classify(ending, route.expectedStatuses)
    this.#tally.end(classified.outcome, t - due)
    const found = ending.is === 'answered' && this.#lookFor?.(route, ending.headers, ending.json ?? (() => 'untold'))
    this.#world.write({
      type: 'request',
      t,
      id,
      index,
      due,
      sent,
      route: route.route,
      ...(identity && { identity: identity.name }),
      method: route.method,
      ...classified,
      ...ending.answer,
      ...found,
    })
    this.#look()
  }

  /** A second is over. */
  happen(): void {
    if (this.isDone) return
    this.#report()
    this.#world.queue.at(this.#world.origin + ++this.#seconds * SECOND, this, EACH_SECOND)
  }

  #send(arrival: Arrival): void {
    const id = requestId(this.#run, arrival.index)
    const sent = this.#world.queue.now() + this.#world.legs.late()
    this.#tally.due++
    this.#tally.sent++
    this.#flights.push(new Exchange(this.#world, this, this.#gateway, arrival, this.#questionOf(arrival), id, sent))
  }

  #oldest(): Exchange | undefined {
    while (this.#flights[this.#first]?.isOver) this.#first++
    if (this.#first > 1024 && this.#first * 2 > this.#flights.length) {
      this.#flights = this.#flights.slice(this.#first)
      this.#first = 0
    }
    return this.#flights[this.#first]
  }

  #look(): void {
    if (this.isDone || this.#next || this.#oldest()) return
    this.isDone = true
    this.#report()
  }

  #report(): void {
    this.#world.write({ type: 'load', t: this.#world.queue.now(), ...this.#tally.counts(), last: this.#tally.takeLast() })
  }
}
