// The traffic of a run, folded: requests, and what the upstreams saw of them, joined to traces that every tally looks at.
import { sumNumber } from '../../contract/body-checksum.ts'
import type { Ms } from '../../kernel/clock.ts'
import { GatecrashError } from '../../kernel/errors.ts'
import { shown } from '../../kernel/validation.ts'
import { type PlanIndex, planIndex } from '../../plan/plan-index.ts'
import type { Plan } from '../../plan/plan.ts'
import type { ArrivalEvent, AttemptEvent, DepartureEvent, EventNamed, RequestEvent, RunEvent } from '../events.ts'
import { FaultHits } from '../events/fault.ts'
import type { Tallied } from '../evidence.ts'
import { FlowTally } from '../flow.ts'
import { requestIndex } from '../request-id.ts'
import { type OpenTallies, openTraceTallies } from '../tallies/tallies.ts'
import { SeriesTally } from '../time-series.ts'
import type { Trace } from '../trace.ts'
import type { Traffic } from '../traffic.ts'
import { type AnswerCell, ArrivalTally } from './arrivals.ts'
import { AttemptTally } from './attempts.ts'
import { ClientErrorTally } from './client-errors.ts'
import { Places } from './counting/places.ts'
import { CrowdTally } from './crowd.ts'
import { FallbackTally } from './fallbacks.ts'
import { type Joiner, createJoiner } from './joining/joiner.ts'
import { ReachedUpstreams } from './joining/reached-upstreams.ts'
import { LatenessTally } from './lateness.ts'
import { OperationTally } from './operations.ts'
import { RequestTally } from './requests.ts'
import { RetryTally } from './retries.ts'
import { TraceSample } from './trace-sample.ts'
import type { Counted, Part, Wanted } from './wanted.ts'
import { WebhookTally } from './webhooks.ts'

/** A run is over soon after its plan: what is later belongs to no run of it. */
const MAX_AFTERMATH: Ms = 3_600_000

const ofNoPlan = (what: string): GatecrashError =>
  new GatecrashError('invalid_bundle', `the journal has ${what}, which is not in the plan of run.json; restore the files, or run again`)

/** What the evidence has of the traffic. */
type CountedTraffic = Omit<Counted, 'run' | 'end' | 'planned' | keyof Tallied>

export class TrafficFold implements Traffic {
  /** The latest time that any event tells of, since load start. */
  lastMs: Ms = 0
  readonly #plan: Plan
  readonly #run: string
  readonly #origin: Ms
  readonly #latestMs: Ms
  readonly #index: PlanIndex
  /** Places in the plan; after them those of routes and upstreams that are in no plan. */
  readonly #routes: Places
  readonly #upstreams: Places
  readonly #reached: ReachedUpstreams
  readonly #requests: RequestTally | undefined
  readonly #attempts: AttemptTally | undefined
  readonly #retries: RetryTally | undefined
  readonly #fallbacks: FallbackTally | undefined
  readonly #clientErrors: ClientErrorTally | undefined
  readonly #arrivals: ArrivalTally
  readonly #crowd: CrowdTally
  readonly #webhooks: WebhookTally
  readonly #operations: OperationTally
  readonly #series: SeriesTally | undefined
  readonly #flow: FlowTally | undefined
  readonly #sample: TraceSample | undefined
  readonly #lateness: LatenessTally | undefined
  readonly #traceTallies: OpenTallies
  readonly #hits = new FaultHits()
  readonly #joiner: Joiner<AnswerCell>
  #lastId = ''
  #lastOrdinal = -1

  constructor({ run, origin }: RunEvent, plan: Plan, { parts }: Wanted) {
    const when = <Opened>(part: Part, open: () => Opened): Opened | undefined => (parts.has(part) ? open() : undefined)
    const index = planIndex(plan)
    this.#plan = plan
    this.#run = run
    this.#origin = origin
    this.#latestMs = plan.durationMs + MAX_AFTERMATH
    this.#index = index
    this.#routes = new Places(plan.load.mix.map(({ route }) => route))
    this.#upstreams = new Places(Object.keys(plan.upstreams))
    this.#reached = new ReachedUpstreams(plan)
    this.#requests = when('requests', () => new RequestTally(plan))
    this.#attempts = when('attempts', () => new AttemptTally(plan, index, origin))
    this.#retries = when('retries', () => new RetryTally(plan, index, origin))
    this.#fallbacks = when('fallbacks', () => new FallbackTally(plan))
    this.#clientErrors = when('clientErrors', () => new ClientErrorTally(plan, origin))
    this.#arrivals = new ArrivalTally(plan, index)
    this.#crowd = new CrowdTally(plan, run)
    this.#webhooks = new WebhookTally(plan, run, origin)
    this.#operations = new OperationTally(plan, run)
    this.#series = when('series', () => new SeriesTally(plan))
    this.#flow = when('flow', () => new FlowTally(plan, origin))
    this.#sample = when('sample', () => new TraceSample(plan, origin))
    this.#lateness = when('lateness', () => new LatenessTally(plan))
    this.#traceTallies = openTraceTallies({ plan, origin, now: () => origin + this.lastMs }, parts)
    this.#joiner = createJoiner<AnswerCell>({
      plan,
      origin,
      onTrace: (trace) => this.#trace(trace),
      onDeparture: (departure, upstream, cell, joinedBy) => this.#departed(departure, upstream, cell, joinedBy),
      onLate: (arrival, ordinal) => this.#late(arrival, ordinal),
    })
  }

  /** Some event tells of this time. */
  pass(t: Ms): void {
    const atMs = t - this.#origin
    if (atMs > this.lastMs) this.lastMs = atMs
  }

  /** A role tells of this second: no earlier line of it will come. */
  heard(role: 'load' | 'upstreams', t: Ms): void {
    this.#joiner.heard(role, t)
  }

  request(event: RequestEvent): void {
    this.pass(event.t)
    const route = this.#routes.of(event.route)
    if (route >= this.#plan.load.mix.length || event.index >= this.#index.end)
      throw ofNoPlan(`request ${event.index} of route ${shown(event.route)}`)
    const phase = this.#index.phaseOf(event.index)
    this.#requests?.add(event, phase, route)
    this.#series?.request(event, route, this.#inPlan(event.due))
    this.#lateness?.add(event, phase)
    this.#joiner.request(event, route, phase)
  }

  arrival(event: ArrivalEvent): void {
    this.pass(event.t)
    const upstream = this.#upstreams.of(event.upstream)
    const ordinal = this.#ordinalOf(event.request)
    const atMs = this.#inPlan(event.t)
    if (event.faults) this.#hits.count(event.faults, atMs)
    if (ordinal < 0) {
      this.#webhooks.arrival(event)
      this.#operations.arrival(event)
    }
    if (this.#arrivals.isOwn(event, ordinal)) return
    if (this.#crowd.isIts(event.request, ordinal >= 0, atMs)) {
      this.#crowd.arrival(event, atMs)
      this.#traceTallies.arrival(event)
      return
    }
    this.#series?.arrival(upstream, atMs, ordinal < 0 ? undefined : this.#index.dueMs(ordinal))
    this.#flow?.arrival(event, upstream, atMs)
    this.#traceTallies.arrival(event)
    this.#joiner.arrival(event, upstream, ordinal, this.#arrivals.add(event, ordinal, atMs))
  }

  departure(event: DepartureEvent): void {
    this.pass(event.t)
    this.#webhooks.departure(event)
    this.#operations.departure(event)
    if (this.#crowd.departure(event)) this.#traceTallies.departure(event)
    else this.#joiner.departure(event, this.#upstreams.of(event.upstream))
  }

  attempt(event: AttemptEvent): void {
    this.pass(event.t)
    const ordinal = this.#ordinalOf(event.request)
    if (this.#crowd.isIts(event.request, ordinal >= 0, event.t - this.#origin)) return
    this.#flow?.head(event, this.#upstreams.of(event.upstream), ordinal >= 0)
    this.#joiner.head(event, ordinal)
  }

  webhooks({ entries, last }: EventNamed<'webhooks'>): void {
    this.#webhooks.listed(entries, last)
  }

  operations({ entries, last }: EventNamed<'operations'>): void {
    this.#operations.listed(entries, last)
  }

  /** Completes what `tallied` has of the traffic. */
  result(tallied: Tallied): CountedTraffic {
    this.#joiner.finish()
    this.#crowd.complete(tallied.saturation)
    this.#hits.complete(tallied.faults)
    return {
      requests: this.#requests?.result(),
      attempts: this.#attempts?.result(),
      retries: this.#retries?.result(),
      fallbacks: this.#fallbacks?.result(),
      clientErrors: this.#clientErrors?.result(),
      ...this.#arrivals.result(),
      webhooks: this.#webhooks.result(tallied.processes),
      operations: this.#operations.result(),
      lateness: this.#lateness?.result(),
      series: this.#series?.result(),
      flow: this.#flow?.result(),
      sample: this.#sample?.result(),
      ...this.#traceTallies.result(),
    }
  }

  #trace(trace: Trace): void {
    this.#requests?.trace(trace)
    for (const place of this.#reached.of(trace)) {
      const attempts = this.#reached.attempts(trace, place)
      const heads = this.#reached.heads(trace, place)
      this.#attempts?.trace(trace, place, attempts, heads)
      this.#retries?.trace(trace, place, attempts, heads)
    }
    this.#fallbacks?.trace(trace)
    this.#flow?.trace(trace)
    this.#sample?.trace(trace)
    this.#webhooks.trace(trace)
    this.#operations.trace(trace)
    this.#traceTallies.trace(trace)
  }

  #departed(departure: DepartureEvent, upstream: number, cell: AnswerCell, joinedBy: 'id' | 'time'): void {
    const sum = sumNumber(departure)
    if (joinedBy === 'id') this.#requests?.departure(departure, upstream, sum)
    this.#arrivals.departure(departure, cell)
    this.#fallbacks?.departure(departure, sum)
    this.#clientErrors?.departure(departure, upstream)
    this.#flow?.departure(departure, upstream)
    this.#traceTallies.departure(departure)
  }

  /** An attempt at a request whose trace is closed. */
  #late(arrival: ArrivalEvent, ordinal: number): void {
    const route = this.#plan.load.mix.findIndex((each) => each.reaches.some(({ upstream }) => upstream === arrival.upstream))
    if (route < 0) return
    this.#attempts?.late(arrival, ordinal, route)
    this.#retries?.late(arrival, ordinal, route)
  }

  #inPlan(t: Ms): Ms {
    const atMs = t - this.#origin
    if (atMs > this.#latestMs) throw ofNoPlan(`traffic ${Math.round(atMs / 1000)} s after load start`)
    return atMs
  }

  /** A gateway may send any id: one that names no request of the plan is nobody's. */
  #ordinalOf(id: string): number {
    // An attempt is mostly told of twice in a row: at the proxy's front, and at the fake.
    if (id === this.#lastId) return this.#lastOrdinal
    this.#lastId = id
    const ordinal = requestIndex(this.#run, id)
    this.#lastOrdinal = ordinal < this.#index.end ? ordinal : -1
    return this.#lastOrdinal
  }
}
