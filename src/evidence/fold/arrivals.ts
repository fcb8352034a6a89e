// What an upstream received and answered, by phase and kind, whether or not it can be joined to a request.
import type { Ms } from '../../kernel/clock.ts'
import { type PlanIndex } from '../../plan/plan-index.ts'
import { type Plan, reaches } from '../../plan/plan.ts'
import type { ArrivalEvent, DepartureEvent } from '../events.ts'

export interface ArrivalCell {
  /** The phase in which the client's request was due; where no id tells it, the one in which it arrived. */
  phase: string
  upstream: string
  /** The fake's own route. */
  route: string
  method: string
  /** Whether repeating these requests is safe. */
  idempotent: boolean
  count: number
  /** byAttempt[k]: arrivals that were the k-th of their request id; byAttempt[0]: arrivals without their client's id. */
  byAttempt: number[]
  /** The earliest arrival with attempt 2 or more. */
  firstRepeat: { atMs: Ms; request: string; attempt: number } | null
  /** The most requests that were worked on at once, these included. */
  mostConcurrent: number
}

export interface AnswerCell {
  /** As in `ArrivalCell`. */
  phase: string
  upstream: string
  /** Arrivals that have ended, in whatever way. */
  ended: number
  /** Those that ended in a whole answer which the load takes for a good one. */
  good: number
}

/** Calls of the gateway's own, such as its health checks: without a client's id, on routes that no request asks for. */
export interface OwnCalls {
  upstream: string
  route: string
  count: number
}

// Beyond this, attempts of one request are counted as one more of these.
const MAX_ATTEMPT = 10_000

/** One kind of arrival: its cells by phase. */
interface Kind {
  upstream: string
  route: string
  method: string
  idempotent: boolean
  byPhase: ArrivalCell[]
  /** Of its upstream, by phase. */
  answers: AnswerCell[]
}

export class ArrivalTally {
  readonly #plan: Plan
  readonly #index: PlanIndex
  readonly #kinds: Kind[] = []
  readonly #answers = new Map<string, AnswerCell[]>()
  readonly #own = new Map<string, OwnCalls>()
  readonly #asked: ReadonlyMap<string, ReadonlySet<string> | 'all'>
  readonly #expected: ReadonlyMap<string, ReadonlySet<number>>

  constructor(plan: Plan, index: PlanIndex) {
    this.#plan = plan
    this.#index = index
    const upstreams = Object.keys(plan.upstreams)
    this.#asked = new Map(upstreams.map((upstream) => [upstream, askedOf(plan, upstream)]))
    this.#expected = new Map(upstreams.map((upstream) => [upstream, expectedOf(plan, upstream)]))
  }

  /** Whether the call is the gateway's own; then it is counted apart, and nothing else of it counts. */
  isOwn({ upstream, route }: ArrivalEvent, index: number): boolean {
    if (index >= 0) return false
    const asked = this.#asked.get(upstream)
    if (asked === undefined || asked === 'all' || asked.has(route)) return false
    const place = `${upstream} ${route}`
    const calls = this.#own.get(place)
    if (calls) calls.count++
    else this.#own.set(place, { upstream, route, count: 1 })
    return true
  }

  /**
   * Counts an arrival, and returns the cell of its answer for `departure`.
   * @param index the ordinal of the client's request; −1 where no id tells it
   */
  add(event: ArrivalEvent, index: number, atMs: Ms): AnswerCell {
    const phase = index < 0 ? this.#index.phaseAt(atMs) : this.#index.phaseOf(index)
    const kind = this.#kindOf(event)
    const cell = (kind.byPhase[phase] ??= this.#cellOf(kind, phase))
    // The first arrival under an id that is not the client's may be any attempt of any request.
    const attempt = index < 0 && event.attempt === 1 ? 0 : Math.min(event.attempt, MAX_ATTEMPT)
    cell.count++
    while (cell.byAttempt.length <= attempt) cell.byAttempt.push(0)
    cell.byAttempt[attempt]!++
    if (attempt >= 2 && (cell.firstRepeat === null || atMs < cell.firstRepeat.atMs))
      cell.firstRepeat = { atMs, request: event.request, attempt }
    if (event.concurrent > cell.mostConcurrent) cell.mostConcurrent = event.concurrent
    return (kind.answers[phase] ??= { phase: this.#nameOf(phase), upstream: event.upstream, ended: 0, good: 0 })
  }

  departure({ status, clientGone, whole, upstream }: DepartureEvent, cell: AnswerCell): void {
    cell.ended++
    if (clientGone || !whole || status === 0) return
    if (status < 400 || this.#expected.get(upstream)?.has(status)) cell.good++
  }

  result(): { arrivals: ArrivalCell[]; answers: AnswerCell[]; own: OwnCalls[] } {
    return {
      arrivals: inOrder(
        this.#kinds.flatMap(({ byPhase }) => present(byPhase)),
        ({ phase, upstream, route, method, idempotent }) => `${phase} ${upstream} ${route} ${method} ${idempotent}`,
      ),
      answers: inOrder(
        [...this.#answers.values()].flatMap(present).filter(({ ended }) => ended > 0),
        ({ phase, upstream }) => `${phase} ${upstream}`,
      ),
      own: inOrder([...this.#own.values()], ({ upstream, route }) => `${upstream} ${route}`),
    }
  }

  #kindOf({ upstream, route, method, idempotent }: ArrivalEvent): Kind {
    // There are few, and to look along them takes less than to look into a map.
    for (const kind of this.#kinds)
      if (kind.route === route && kind.method === method && kind.idempotent === idempotent && kind.upstream === upstream) return kind
    const kind: Kind = { upstream, route, method, idempotent, byPhase: [], answers: this.#answersOf(upstream) }
    this.#kinds.push(kind)
    return kind
  }

  #answersOf(upstream: string): AnswerCell[] {
    const known = this.#answers.get(upstream)
    if (known) return known
    const answers: AnswerCell[] = []
    this.#answers.set(upstream, answers)
    return answers
  }

  #cellOf({ upstream, route, method, idempotent }: Kind, phase: number): ArrivalCell {
    return {
      phase: this.#nameOf(phase),
      upstream,
      route,
      method,
      idempotent,
      count: 0,
      byAttempt: [],
      firstRepeat: null,
      mostConcurrent: 0,
    }
  }

  #nameOf(phase: number): string {
    return this.#plan.phases[phase]?.name ?? ''
  }
}

/** The fake's routes that requests of the mix are answered by. */
function askedOf({ load }: Plan, upstream: string): ReadonlySet<string> | 'all' {
  const reached = load.mix.flatMap((route) => route.reaches.filter((each) => each.upstream === upstream))
  return reached.some(({ route }) => route === undefined) ? 'all' : new Set(reached.map(({ route }) => route!))
}

/** Statuses of the upstream that a route of the load takes for good answers, beside those below 400. */
const expectedOf = ({ load }: Plan, upstream: string): ReadonlySet<number> =>
  new Set(load.mix.flatMap((route) => (reaches(route, upstream) ? (route.expectedStatuses ?? []) : [])))

/** A list by phase has holes where nothing was seen. */
const present = <Cell>(byPhase: readonly Cell[]): Cell[] => byPhase.filter((cell) => cell !== undefined)

function inOrder<Cell>(cells: readonly Cell[], keyOf: (cell: Cell) => string): Cell[] {
  return cells
    .map((cell) => [keyOf(cell), cell] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, cell]) => cell)
}
