// Attempts counted request by request, for each upstream that a route reaches: how often it was asked, and whether it was asked again
// for what may not be repeated.
import { idempotentMethods } from '../../contract/methods.ts'
import type { Ms } from '../../kernel/clock.ts'
import { type PlanIndex } from '../../plan/plan-index.ts'
import type { Plan } from '../../plan/plan.ts'
import type { ArrivalEvent, AttemptEvent } from '../events.ts'
import type { Attempt, Trace } from '../trace.ts'
import { countAt } from './counting/count-list.ts'
import { CountTable } from './counting/count-table.ts'

/** A request that reached its upstream again although it may not be repeated. */
export interface UnsafeRepeat {
  request: string
  /** When the first of its repeats arrived. */
  atMs: Ms
  method: string
  route: string
}

export interface AttemptCell {
  /** The phase in which the client's request was due. */
  phase: string
  route: string
  upstream: string
  /** By number of attempts: how many requests had so many. `byAttempts[0]`: the upstream was not asked. */
  byAttempts: number[]
  /** The same, of attempts that the proxy's front saw: more, where some died on their way. Empty where there is no front. */
  byHeads: number[]
  /** Attempts that carry no client's id, and were joined since no other request of their kind was under way. */
  byTime: number
  /** Attempts at requests that had been over for a second or more. */
  late: number
  unsafe: {
    /** Requests with more than one attempt that are not idempotent, and whose attempts do not all carry one and the same key. */
    requests: number
    /** Their attempts beyond the first. */
    repeats: number
    first: UnsafeRepeat | null
  }
}

export class AttemptTally {
  readonly #index: PlanIndex
  readonly #origin: Ms
  readonly #table: CountTable<AttemptCell>
  readonly #upstreams: readonly string[]
  /** Whether any head was told of. */
  #hasFront = false

  constructor(plan: Plan, index: PlanIndex, origin: Ms) {
    const { phases, load } = plan
    this.#index = index
    this.#origin = origin
    const names = Object.keys(plan.upstreams)
    this.#upstreams = names
    this.#table = new CountTable([phases.length, load.mix.length, names.length], (phase = 0, route = 0, upstream = 0) => ({
      phase: phases[phase]?.name ?? '',
      route: load.mix[route]!.route,
      upstream: names[upstream]!,
      byAttempts: [],
      byHeads: [],
      byTime: 0,
      late: 0,
      unsafe: { requests: 0, repeats: 0, first: null },
    }))
  }

  /** As an upstream saw it that the route reaches. `place`: the upstream's, in the plan. */
  trace({ request, phase, route }: Trace, place: number, attempts: readonly Attempt[], heads: readonly AttemptEvent[]): void {
    if (!request) return
    const cell = this.#table.at(phase, route, place)
    countAt(cell.byAttempts, attempts.length)
    for (const { joinedBy } of attempts) if (joinedBy === 'time') cell.byTime++
    if (heads.length > 0) this.#hasFront = true
    countAt(cell.byHeads, Math.max(heads.length, attempts.length))
    // What a network fault swallowed may have been done for all that the gateway knows.
    if (heads.length > attempts.length) this.#judgeRepeats(cell, heads.map(sentOf))
    else if (attempts.length > 1)
      this.#judgeRepeats(
        cell,
        attempts.map(({ arrival }) => arrival),
      )
  }

  /** An attempt at a request whose trace is closed. */
  late(arrival: ArrivalEvent, index: number, route: number): void {
    const cell = this.#table.at(this.#index.phaseOf(index), route, this.#upstreams.indexOf(arrival.upstream))
    cell.late++
    // Whether it carries the key of the attempts before it is not known any more.
    if (arrival.attempt > 1 && !idempotentMethods.has(arrival.method) && arrival.key === undefined) this.#countUnsafe(cell, [arrival])
  }

  result(): AttemptCell[] {
    const cells = this.#table.all()
    if (!this.#hasFront) for (const cell of cells) cell.byHeads = []
    return cells
  }

  #judgeRepeats(cell: AttemptCell, all: readonly Sent[]): void {
    const [first, ...repeats] = all.toSorted((a, b) => a.t - b.t) as [Sent, ...Sent[]]
    if (repeats.length === 0 || idempotentMethods.has(first.method)) return
    const isKeyed = first.key !== undefined && repeats.every(({ key }) => key === first.key)
    if (!isKeyed) this.#countUnsafe(cell, repeats)
  }

  #countUnsafe({ unsafe }: AttemptCell, repeats: readonly Sent[]): void {
    unsafe.requests++
    unsafe.repeats += repeats.length
    const { t, request, method, route } = repeats[0]!
    const atMs = t - this.#origin
    if (unsafe.first === null || atMs < unsafe.first.atMs) unsafe.first = { request, atMs, method, route }
  }
}

/** An attempt as it was seen at the fake, or at the proxy's front. */
type Sent = Pick<ArrivalEvent, 't' | 'request' | 'method' | 'route'> & { key?: string | undefined }

const sentOf = ({ t, request, method, path, key }: AttemptEvent): Sent => ({ t, request, method, route: path, key })
