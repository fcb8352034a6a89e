// The plan's load in the simulation: open loop, as the live one (stage/live/load/generator.ts), told in the same events.
import type { IncomingHttpHeaders } from 'node:http'
import { answerAsks, carriedAsks } from '../criteria/criteria.ts'
import type { BodySum } from '../contract/body-checksum.ts'
import { RequestIds } from '../evidence/request-id.ts'
import { Chain } from '../kernel/chain.ts'
import type { Ms } from '../kernel/clock.ts'
import type { Arrival } from '../plan/arrivals.ts'
import type { Plan, PlannedRoute } from '../plan/plan.ts'
import { upcomingArrivals } from '../plan/plan-index.ts'
import { type AnswerAsks, KnownBodies, measuresAtOnce, rounded } from '../stage/live/load/answer-meter.ts'
import { type Classified, classify, type Ending } from '../stage/live/load/classify.ts'
import { type LookFor, lookFor } from '../stage/live/load/look-for.ts'
import { Tally } from '../stage/live/load/tally.ts'
import { type Client, Exchange } from './exchange.ts'
import type { SimulatedGateway } from './gateway/gateway.ts'
import { questions } from './questions.ts'
import type { World } from './world.ts'

const SECOND: Ms = 1000

/** What an answer is classified by, where nothing was found wrong with its body. */
interface ClassifiedHead {
  headers: IncomingHttpHeaders
  status: number
  expected: PlannedRoute['expectedStatuses']
  as: Classified
}

const NO_HEAD: ClassifiedHead = { headers: {}, status: 0, expected: undefined, as: { outcome: 'ok', status: 0 } }

export class SimulatedLoad implements Client {
  readonly asks: AnswerAsks
  readonly knownBodies = new KnownBodies()
  readonly readsHeaders: boolean
  /** No more is due, and all has ended. */
  isDone = false
  /** When something is due next, or times out. */
  next: Ms = Number.POSITIVE_INFINITY
  readonly #world: World
  readonly #gateway: SimulatedGateway
  readonly #ids: RequestIds
  readonly #timeoutMs: Ms
  readonly #lookFor: LookFor | undefined
  readonly #questionOf = questions()
  readonly #upcoming: () => Arrival | undefined
  readonly #tally = new Tally()
  #arrival: Arrival | undefined
  #seconds = 1
  #lastClassified: ClassifiedHead = NO_HEAD
  #classifiedBefore: ClassifiedHead = NO_HEAD
  /** Those under way. All have the same timeout, so that the oldest is the next to time out. */
  readonly #flying = new Chain<Exchange>()

  constructor(plan: Plan, world: World, gateway: SimulatedGateway, run: string) {
    this.#world = world
    this.#gateway = gateway
    this.#ids = new RequestIds(run)
    this.#timeoutMs = plan.load.timeoutMs
    this.asks = new Set(answerAsks(plan.criteria))
    const carried = carriedAsks(plan.criteria)
    this.readsHeaders = carried.length > 0
    this.#lookFor = carried.length > 0 ? lookFor(carried) : undefined
    this.#upcoming = upcomingArrivals(plan)
    this.#arrival = this.#upcoming()
    this.next = this.#soonest()
    world.queue.callAt(world.origin + SECOND, () => this.#everySecond())
  }

  /** Does what is due now. */
  act(): void {
    const now = this.#world.queue.now()
    while (this.#flying.oldest && this.#flying.oldest.due + this.#timeoutMs <= now) this.#flying.oldest.giveUp()
    while (this.#arrival && this.#world.origin + this.#arrival.dueMs <= now) {
      this.#send(this.#arrival)
      this.#arrival = this.#upcoming()
    }
    this.#look()
  }

  ended(exchange: Exchange, ending: Ending, sum?: BodySum): void {
    exchange.isOver = true
    this.#flying.remove(exchange)
    const { id, due, sent, arrival } = exchange
    const { index, route, identity } = arrival
    const { method } = route
    const t = this.#world.queue.now()
    const classified = this.#classified(ending, route.expectedStatuses)
    const { outcome, status, error } = classified
    this.#tally.end(outcome, t - due)
    const found = this.#lookFor && this.#found(this.#lookFor, exchange, ending)
    const type = 'request'
    // Most requests end like this. To spread objects into an event costs more than all else here.
    if (sum?.checksum !== undefined && error === undefined && !identity && !found) {
      const { length, checksum } = sum
      const firstByteMs = rounded(t - sent)
      this.#world.tell.request({
        type,
        t,
        id,
        index,
        due,
        sent,
        route: route.route,
        method,
        outcome,
        status,
        firstByteMs,
        length,
        checksum,
      })
    } else
      this.#world.tell.request({
        type,
        t,
        id,
        index,
        due,
        sent,
        route: route.route,
        ...(identity && { identity: identity.name }),
        method,
        ...classified,
        ...(sum ? measuresAtOnce(sent, t, sum) : ending.answer),
        ...found,
      })
    this.#look()
  }

  #found(look: LookFor, exchange: Exchange, ending: Ending): ReturnType<LookFor> | undefined {
    return ending.is === 'answered' ? look(exchange.arrival.route, ending.headers, () => exchange.json()) : undefined
  }

  /** A second is over. */
  #everySecond(): void {
    if (this.isDone) return
    this.#report()
    this.#world.queue.callAt(this.#world.origin + ++this.#seconds * SECOND, () => this.#everySecond())
  }

  #send(arrival: Arrival): void {
    const id = this.#ids.of(arrival.index)
    const sent = this.#world.queue.now() + this.#world.legs.late.next()
    this.#tally.due++
    this.#tally.sent++
    this.#flying.add(new Exchange(this.#world, this, this.#gateway, arrival, this.#questionOf(arrival), id, sent))
  }

  #look(): void {
    this.next = this.#soonest()
    if (this.isDone || this.#arrival || this.#flying.oldest) return
    this.isDone = true
    this.#report()
  }

  #soonest(): Ms {
    const due = this.#arrival ? this.#world.origin + this.#arrival.dueMs : Number.POSITIVE_INFINITY
    return this.#flying.oldest ? Math.min(due, this.#flying.oldest.due + this.#timeoutMs) : due
  }

  /** Most answers have the head of one of the two before: what it says is not read again. */
  #classified(ending: Ending, expected: PlannedRoute['expectedStatuses']): Classified {
    if (ending.is !== 'answered' || ending.answer) return classify(ending, expected)
    if (!isHead(this.#lastClassified, ending, expected)) {
      const before = this.#classifiedBefore
      this.#classifiedBefore = this.#lastClassified
      const { headers, status } = ending
      this.#lastClassified = isHead(before, ending, expected) ? before : { headers, status, expected, as: classify(ending, expected) }
    }
    return this.#lastClassified.as
  }

  #report(): void {
    this.#world.write({ type: 'load', t: this.#world.queue.now(), ...this.#tally.counts(), last: this.#tally.takeLast() })
  }
}

function isHead(known: ClassifiedHead, { headers, status }: Ending & { is: 'answered' }, expected: ClassifiedHead['expected']): boolean {
  return known.headers === headers && known.status === status && known.expected === expected
}
