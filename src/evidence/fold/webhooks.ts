// What became of the webhooks that the gateway accepted: each accepted request is looked for in the gateway's own list, and each delivery in
// what the receiver answered. Memory follows the accepted webhooks; without a criterion about them nothing is kept.
//
//   client ◀─ 202 ─ gateway ─ delivery, with the key of its id ─▶ receiver
//                      └─ its list, at the end: reference, key, where it stands
import type { Ms } from '../../kernel/clock.ts'
import { isAboutWebhooks, type Plan } from '../../plan/plan.ts'
import type { ProcessEdge } from '../events/process.ts'
import type { WebhookEntry, WebhookStanding } from '../events/webhooks.ts'
import type { ArrivalEvent, DepartureEvent } from '../events.ts'
import { requestId } from '../request-id.ts'
import type { Trace } from '../trace.ts'

/** Of one route that webhooks are accepted by. */
export interface WebhookCell {
  route: string
  /** Requests that were answered with 202. */
  accepted: number
  /** Of these, by where the gateway's list says that they stand. */
  pending: number
  delivered: number
  /** Failed for good, with a dead letter. */
  failed: number
  /** In no list: neither delivered, nor dead, nor pending. */
  lost: number
  /** Said to be delivered, and no receiver ever took them. */
  unfounded: number
  /** Accepted before an end of the gateway's process; and of these, those that are lost. */
  beforeExit: number
  lostBeforeExit: number
  /** Request id of the first that is lost or unfounded. */
  first: string | null
}

export interface Webhooks {
  /** Whether the gateway's list was read to its end. */
  isListed: boolean
  /** Ends of the gateway's process while the load was on. */
  exits: number
  /** By route. */
  routes: WebhookCell[]
  /** Deliveries that a receiver took. */
  taken: number
  /** Deliveries that came again after the receiver took them. */
  again: number
  /** Of deliveries again, those whose attempt was under way when the gateway's process ended; they are not in `again`. */
  againAfterExit: number
  firstAgainMs: Ms | null
  /** Deliveries that a receiver called wrong, and those of them that came again. */
  refused: number
  refusedAgain: number
}

interface Attempt {
  arrivedMs: Ms
  endedMs: Ms
  taken: boolean
  /** The receiver called it wrong: it will never take it. */
  refused: boolean
}

/** Statuses below 500 that ask to come again. */
const LATER = new Set([408, 425, 429])

/** What the receiver said reaches the gateway's store within this time. */
const RECORDED_WITHIN: Ms = 250

export class WebhookTally {
  readonly #isWanted: boolean
  readonly #run: string
  readonly #origin: Ms
  readonly #routes: readonly string[]
  readonly #accepted = new Map<string, { route: number; atMs: Ms }>()
  readonly #attempts = new Map<string, Attempt[]>()
  readonly #underWay = new Map<string, { key: string; arrivedMs: Ms }>()
  readonly #listed = new Map<string, { key: string; standings: Set<WebhookStanding> }>()
  #isListed = false

  constructor({ load, criteria }: Plan, run: string, origin: Ms) {
    this.#isWanted = criteria.some(({ criterion }) => isAboutWebhooks(criterion))
    this.#run = run
    this.#origin = origin
    this.#routes = load.mix.map(({ route }) => route)
  }

  trace({ index, route, request }: Trace): void {
    if (!this.#isWanted || request?.status !== 202 || request.outcome !== 'ok') return
    this.#accepted.set(requestId(this.#run, index), { route, atMs: request.t - this.#origin })
  }

  /** A call that is nobody's request, with an idempotency key. */
  arrival({ upstream, ordinal, key, t, method }: ArrivalEvent): void {
    if (this.#isWanted && key !== undefined && method === 'POST')
      this.#underWay.set(`${upstream} ${ordinal}`, { key, arrivedMs: t - this.#origin })
  }

  departure({ upstream, ordinal, status, whole, t }: DepartureEvent): void {
    if (this.#underWay.size === 0) return
    const place = `${upstream} ${ordinal}`
    const attempt = this.#underWay.get(place)
    if (!attempt) return
    this.#underWay.delete(place)
    const { key, arrivedMs } = attempt
    // A receiver that answered after its client had gone has taken it all the same.
    const taken = whole && status >= 200 && status < 300
    const refused = whole && status >= 400 && status < 500 && !LATER.has(status)
    const attempts = this.#attempts.get(key) ?? []
    this.#attempts.set(key, attempts)
    attempts.push({ arrivedMs, endedMs: t - this.#origin, taken, refused })
  }

  listed(entries: readonly WebhookEntry[], last: boolean): void {
    for (const [reference, key, standing] of entries) {
      const known = this.#listed.get(reference)
      if (known) known.standings.add(standing)
      else this.#listed.set(reference, { key, standings: new Set([standing]) })
    }
    this.#isListed ||= last
  }

  result(processes: readonly ProcessEdge[]): Webhooks {
    const exits = processes.flatMap(({ role, edge, atMs }) => (role === 'gateway' && edge === 'exited' ? [atMs] : []))
    const routes = new Map<number, WebhookCell>()
    for (const [reference, { route, atMs }] of this.#accepted) {
      let cell = routes.get(route)
      if (!cell) routes.set(route, (cell = emptyCell(this.#routes[route]!)))
      this.#count(
        cell,
        reference,
        exits.some((exitMs) => exitMs > atMs),
      )
    }
    return {
      isListed: this.#isListed,
      exits: exits.length,
      routes: [...routes.values()].toSorted((a, b) => a.route.localeCompare(b.route)),
      ...repeats([...this.#attempts.values()], exits),
    }
  }

  #count(cell: WebhookCell, reference: string, isBeforeExit: boolean): void {
    const listed = this.#listed.get(reference)
    const standing = listed && standingOf(listed.standings)
    cell.accepted++
    if (isBeforeExit) cell.beforeExit++
    if (standing === undefined) {
      cell.lost++
      if (isBeforeExit) cell.lostBeforeExit++
    } else cell[standing]++
    const isUnfounded = standing === 'delivered' && !(this.#attempts.get(listed!.key) ?? []).some(({ taken }) => taken)
    if (isUnfounded) cell.unfounded++
    if (standing === undefined || isUnfounded) cell.first ??= reference
  }
}

/** One that failed without a dead letter is nowhere. */
function standingOf(standings: ReadonlySet<WebhookStanding>): 'pending' | 'delivered' | 'failed' | undefined {
  if (standings.has('pending')) return 'pending'
  if (standings.has('delivered')) return 'delivered'
  return standings.has('dead_letter') ? 'failed' : undefined
}

function repeats(deliveries: readonly Attempt[][], exits: readonly Ms[]): Omit<Webhooks, 'isListed' | 'exits' | 'routes'> {
  const counts = { taken: 0, again: 0, againAfterExit: 0, firstAgainMs: null as Ms | null, refused: 0, refusedAgain: 0 }
  for (const attempts of deliveries) {
    const inOrder = attempts.toSorted((a, b) => a.arrivedMs - b.arrivedMs)
    const wrong = inOrder.findIndex(({ refused }) => refused)
    if (wrong >= 0) counts.refused++
    if (wrong >= 0 && wrong < inOrder.length - 1) counts.refusedAgain++
    const first = inOrder.find(({ taken }) => taken)
    if (!first) continue
    counts.taken++
    let told = first
    for (const attempt of inOrder.slice(inOrder.indexOf(first) + 1)) {
      const diedMeanwhile = exits.some(
        (exitMs) => exitMs >= told.arrivedMs && exitMs <= told.endedMs + RECORDED_WITHIN && exitMs <= attempt.arrivedMs,
      )
      if (diedMeanwhile) counts.againAfterExit++
      else {
        counts.again++
        counts.firstAgainMs = Math.min(counts.firstAgainMs ?? attempt.arrivedMs, attempt.arrivedMs)
      }
      told = attempt
    }
  }
  return counts
}

function emptyCell(route: string): WebhookCell {
  return { route, accepted: 0, pending: 0, delivered: 0, failed: 0, lost: 0, unfounded: 0, beforeExit: 0, lostBeforeExit: 0, first: null }
}

/** Of parts of one run, and of several runs. */
export function mergeWebhooks(all: readonly Webhooks[]): Webhooks {
  return all.reduce((a, b) => {
    const cells = new Map(a.routes.map((cell) => [cell.route, cell]))
    for (const cell of b.routes) cells.set(cell.route, addCells(cells.get(cell.route) ?? emptyCell(cell.route), cell))
    return {
      isListed: a.isListed && b.isListed,
      exits: a.exits + b.exits,
      routes: [...cells.values()],
      taken: a.taken + b.taken,
      again: a.again + b.again,
      againAfterExit: a.againAfterExit + b.againAfterExit,
      firstAgainMs: a.firstAgainMs ?? b.firstAgainMs,
      refused: a.refused + b.refused,
      refusedAgain: a.refusedAgain + b.refusedAgain,
    }
  })
}

function addCells(a: WebhookCell, b: WebhookCell): WebhookCell {
  return {
    route: a.route,
    accepted: a.accepted + b.accepted,
    pending: a.pending + b.pending,
    delivered: a.delivered + b.delivered,
    failed: a.failed + b.failed,
    lost: a.lost + b.lost,
    unfounded: a.unfounded + b.unfounded,
    beforeExit: a.beforeExit + b.beforeExit,
    lostBeforeExit: a.lostBeforeExit + b.lostBeforeExit,
    first: a.first ?? b.first,
  }
}
