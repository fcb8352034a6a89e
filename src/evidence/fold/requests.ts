// Client requests counted by phase, route and outcome, with what their answers stand on.
import { NOT_PARSED, type Outcome, outcomeNames, outcomePlace } from '../../contract/outcome.ts'
import type { Plan } from '../../plan/plan.ts'
import type { DepartureEvent, RequestEvent } from '../events.ts'
import { type Latencies, LatencyTable, noLatencies } from '../latency-histogram.ts'
import { type Standing, type Trace, bodiesAgree, footingOf } from '../trace.ts'
import { AnswersInFlight } from './joining/answers-in-flight.ts'
import { CountTable } from './counting/count-table.ts'

export interface RequestCell {
  /** The phase in which the requests were due. */
  phase: string
  route: string
  /** The upstreams that the gateway asks to answer the route. */
  reaches: readonly string[]
  outcome: Outcome
  count: number
  /** From due to the end: what a client would feel. */
  latency: Latencies
  /** From sent to the end: the same without the generator's lateness. */
  service: Latencies
  /** How many carried which error, by `x-gateway-error` or the client's own code. */
  errors: Record<string, number>
  /** How many stand on what: see `Standing`. */
  standing: Record<Standing, number>
  /** Of those that stand on an upstream's answer: how many got its very body, and how many another one. */
  bodies: { same: number; other: number }
  /** Of damaged ones: how many came as whole answers, though the upstream had broken off. */
  completed: number
  /** Of those that took part in an event stream: how many were told of an error inside it. */
  streamErrors: number
}

// An error text with an id or a port in it would make every request a class of its own.
const MAX_ERRORS = 50

interface Counting extends Omit<RequestCell, 'latency' | 'service' | 'errors'> {
  /** In the tables of spans. */
  place: number
  errors: Map<string, number>
}

export class RequestTally {
  readonly #table: CountTable<Counting>
  readonly #latencies = new LatencyTable(3)
  readonly #services = new LatencyTable(3)
  /** By route, which statuses are good ones. */
  readonly #isGood: readonly ((status: number) => boolean)[]
  readonly #reachesNone: readonly boolean[]
  readonly #inFlight: AnswersInFlight

  constructor(plan: Plan) {
    const { phases, load } = plan
    this.#inFlight = new AnswersInFlight(plan)
    this.#isGood = load.mix.map(
      ({ expectedStatuses = [] }) =>
        (status) =>
          status < 400 || expectedStatuses.includes(status),
    )
    this.#reachesNone = load.mix.map(({ reaches }) => reaches.length === 0)
    const reached = load.mix.map(({ reaches }) => reaches.map(({ upstream }) => upstream))
    let places = 0
    this.#table = new CountTable([phases.length, load.mix.length, outcomeNames.length], (phase = 0, route = 0, outcome = 0) => ({
      phase: phases[phase]?.name ?? '',
      route: load.mix[route]!.route,
      reaches: reached[route]!,
      outcome: outcomeNames[outcome]!,
      count: 0,
      place: places++,
      errors: new Map(),
      standing: { good: 0, shared: 0, spoiled: 0, nothing: 0, own: 0 },
      bodies: { same: 0, other: 0 },
      completed: 0,
      streamErrors: 0,
    }))
  }

  /** `phase`, `route`: places in the plan. */
  add(event: RequestEvent, phase: number, route: number): void {
    const cell = this.#table.at(phase, route, outcomePlace(event.outcome))
    cell.count++
    this.#latencies.record(cell.place, event.t - event.due)
    this.#services.record(cell.place, event.t - event.sent)
    if (event.streamError !== undefined) cell.streamErrors++
    if (event.error !== undefined) countError(cell.errors, event.error)
  }

  /** Of an attempt whose client is known by its id; `upstream`, `sum`: as in `AnswersInFlight`. */
  departure(event: DepartureEvent, upstream: number, sum: number | undefined): void {
    this.#inFlight.departure(event, upstream, sum)
  }

  trace(trace: Trace): void {
    const { request, phase, route } = trace
    if (!request) return
    const cell = this.#table.at(phase, route, outcomePlace(request.outcome))
    const footing = footingOf(trace, this.#reachesNone[route]!, this.#isGood[route]!)
    // Most are good ones, and a count that is named here is found faster than one by a name.
    if (footing.standing === 'good') cell.standing.good++
    else cell.standing[footing.standing === 'nothing' && this.#inFlight.isShared(trace) ? 'shared' : footing.standing]++
    if (footing.standing === 'spoiled' && isCompleted(trace)) cell.completed++
    if (footing.sameBody === true) cell.bodies.same++
    else if (footing.sameBody === false) cell.bodies.other++
  }

  result(): RequestCell[] {
    const latencies = this.#latencies.result()
    const services = this.#services.result()
    return this.#table.all().map((cell) => ({
      phase: cell.phase,
      route: cell.route,
      reaches: cell.reaches,
      outcome: cell.outcome,
      count: cell.count,
      latency: latencies[cell.place] ?? noLatencies,
      service: services[cell.place] ?? noLatencies,
      errors: Object.fromEntries(cell.errors),
      standing: cell.standing,
      bodies: cell.bodies,
      completed: cell.completed,
      streamErrors: cell.streamErrors,
    }))
  }
}

/**
 * Half a body in the frame of a whole one: no client can tell by its length that the rest is missing. The attempt that made it is the
 * one with the client's very body, else the last that was answered: an earlier one may have broken off, and been tried again.
 */
function isCompleted({ request, attempts }: Trace): boolean {
  if (request?.error !== NOT_PARSED) return false
  const answers = attempts.flatMap(({ departure }) => (departure && departure.status > 0 ? [departure] : []))
  const source = answers.find((answer) => bodiesAgree(request, answer) === true) ?? answers.at(-1)
  return source?.brokenOff === true
}

function countError(errors: Map<string, number>, error: string): void {
  const name = errors.has(error) || errors.size < MAX_ERRORS ? error : 'other'
  errors.set(name, (errors.get(name) ?? 0) + 1)
}
