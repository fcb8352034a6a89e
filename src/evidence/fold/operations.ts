// What became of the long operations that the gateway accepted: each accepted request is looked for in the gateway's own list, and the work on
// it in what upstreams answered. Memory follows the accepted operations; without a criterion about them nothing is kept.
//
//   client ◀─ 201 ─ gateway ─ work, under the operation's id as key ─▶ upstream
//                      └─ its list, at the end: id, where it stands
import { keyHash } from '../../contract/key-hash.ts'
import { isAboutOperations, type Plan } from '../../plan/plan.ts'
import type { OperationEntry, OperationStanding } from '../events/operations.ts'
import type { ArrivalEvent, DepartureEvent } from '../events.ts'
import { requestId } from '../request-id.ts'
import type { Trace } from '../trace.ts'

/** Of one route that operations are accepted by. */
export interface OperationCell {
  route: string
  /** Requests that were answered with 201. */
  accepted: number
  /** Of these, by where the gateway's list says that they stand; `lost`: in no list. */
  done: number
  error: number
  processing: number
  lost: number
  /** Request id of the first that is lost. */
  firstLost: string | null
  /** By upstream that was asked to work on any. */
  worked: WorkCell[]
}

export interface WorkCell {
  upstream: string
  /** Operations that it was seen to work on to the end. */
  done: number
  /** Of those that the list calls done, how many it did not. */
  unfounded: number
  firstUnfounded: string | null
  /** Operations that it did again after it had told the gateway that they were done. */
  again: number
  firstAgain: string | null
}

export interface Operations {
  /** Whether the gateway's list was read to its end. */
  isListed: boolean
  /** By route. */
  routes: OperationCell[]
}

/** Answers of one upstream to work on one operation: heard by the gateway, or by nobody. */
interface Work {
  heard: number
  unheard: number
}

export class OperationTally {
  readonly #isWanted: boolean
  readonly #run: string
  readonly #routes: readonly string[]
  /** By request id: the route. */
  readonly #accepted = new Map<string, number>()
  /** By upstream, then by key. */
  readonly #work = new Map<string, Map<string, Work>>()
  readonly #underWay = new Map<string, string>()
  readonly #listed = new Map<string, OperationStanding>()
  #isListed = false

  constructor({ load, criteria }: Plan, run: string) {
    this.#isWanted = criteria.some(({ criterion }) => isAboutOperations(criterion))
    this.#run = run
    this.#routes = load.mix.map(({ route }) => route)
  }

  trace({ index, route, request }: Trace): void {
    if (this.#isWanted && request?.status === 201 && request.outcome === 'ok') this.#accepted.set(requestId(this.#run, index), route)
  }

  /** A call that is nobody's request, with an idempotency key. */
  arrival({ upstream, ordinal, key }: ArrivalEvent): void {
    if (this.#isWanted && key !== undefined) this.#underWay.set(`${upstream} ${ordinal}`, key)
  }

  departure({ upstream, ordinal, status, whole, clientGone }: DepartureEvent): void {
    if (this.#underWay.size === 0) return
    const place = `${upstream} ${ordinal}`
    const key = this.#underWay.get(place)
    if (key === undefined) return
    this.#underWay.delete(place)
    if (!whole || status < 200 || status >= 300) return
    let works = this.#work.get(upstream)
    if (!works) this.#work.set(upstream, (works = new Map()))
    const work = works.get(key) ?? { heard: 0, unheard: 0 }
    works.set(key, work)
    if (clientGone) work.unheard++
    else work.heard++
  }

  listed(entries: readonly OperationEntry[], last: boolean): void {
    for (const [id, standing] of entries) this.#listed.set(id, standing)
    this.#isListed ||= last
  }

  result(): Operations {
    const routes = new Map<number, OperationCell>()
    for (const [id, route] of this.#accepted) {
      let cell = routes.get(route)
      if (!cell) routes.set(route, (cell = emptyCell(this.#routes[route]!, [...this.#work.keys()].toSorted())))
      this.#count(cell, id)
    }
    return { isListed: this.#isListed, routes: [...routes.values()].toSorted((a, b) => a.route.localeCompare(b.route)) }
  }

  #count(cell: OperationCell, id: string): void {
    const standing = this.#listed.get(id)
    cell.accepted++
    cell[standing ?? 'lost']++
    if (standing === undefined) cell.firstLost ??= id
    const key = keyHash(id)
    for (const worked of cell.worked) {
      const { heard, unheard } = this.#work.get(worked.upstream)!.get(key) ?? { heard: 0, unheard: 0 }
      if (heard + unheard > 0) worked.done++
      else if (standing === 'done') {
        worked.unfounded++
        worked.firstUnfounded ??= id
      }
      if (heard > 1) {
        worked.again++
        worked.firstAgain ??= id
      }
    }
  }
}

function emptyCell(route: string, upstreams: readonly string[]): OperationCell {
  const worked = upstreams.map((upstream): WorkCell => ({
    upstream,
    done: 0,
    unfounded: 0,
    firstUnfounded: null,
    again: 0,
    firstAgain: null,
  }))
  return { route, accepted: 0, done: 0, error: 0, processing: 0, lost: 0, firstLost: null, worked }
}

/** Of parts of one run, and of several runs. */
export function mergeOperations(all: readonly Operations[]): Operations {
  return all.reduce((a, b) => {
    const cells = new Map(a.routes.map((cell) => [cell.route, cell]))
    for (const cell of b.routes) cells.set(cell.route, addCells(cells.get(cell.route) ?? emptyCell(cell.route, []), cell))
    return { isListed: a.isListed && b.isListed, routes: [...cells.values()] }
  })
}

function addCells(a: OperationCell, b: OperationCell): OperationCell {
  const upstreams = [...new Set([...a.worked, ...b.worked].map(({ upstream }) => upstream))]
  const workAt = ({ worked, done }: OperationCell, upstream: string): WorkCell =>
    // A part that saw nothing of an upstream saw none of its own done there.
    worked.find((each) => each.upstream === upstream) ?? {
      upstream,
      done: 0,
      unfounded: done,
      firstUnfounded: null,
      again: 0,
      firstAgain: null,
    }
  return {
    route: a.route,
    accepted: a.accepted + b.accepted,
    done: a.done + b.done,
    error: a.error + b.error,
    processing: a.processing + b.processing,
    lost: a.lost + b.lost,
    firstLost: a.firstLost ?? b.firstLost,
    worked: upstreams.map((upstream) => {
      const [one, other] = [workAt(a, upstream), workAt(b, upstream)]
      return {
        upstream,
        done: one.done + other.done,
        unfounded: one.unfounded + other.unfounded,
        firstUnfounded: one.firstUnfounded ?? other.firstUnfounded,
        again: one.again + other.again,
        firstAgain: one.firstAgain ?? other.firstAgain,
      }
    }),
  }
}
