// What became of attempts, and whether and when the same request was tried again after them.
//
//   attempt ─▶ 503 ──── gap ────▶ attempt ─▶ 404
//        └ ended by status, repeated ┘          └ ended, not repeated
//
// An attempt that begins while another of its request is under way is no retry: it is hedged, or the other was given up and goes on.
import type { Ms } from '../../kernel/clock.ts'
import type { PlanIndex } from '../../plan/plan-index.ts'
import type { Plan } from '../../plan/plan.ts'
import type { ArrivalEvent, AttemptEvent, DepartureEvent } from '../events.ts'
import { type Latencies, LatencyRecorder } from '../latency-histogram.ts'
import { mergeLatencies } from '../merge-latencies.ts'
import { type Attempt, type Trace, wasHalted } from '../trace.ts'
import { addCounts, countAt } from './counting/count-list.ts'
import { CountTable } from './counting/count-table.ts'

/** Attempts that ended in the same way. */
export interface EndedAttempts {
  /** Of the whole answer, or of an error whose body the gateway did not wait for; 0 without one: cut off, spoiled, or given up. */
  status: number
  attempts: number
  /** Of these, the ones after which the upstream was asked the same again for the same request. */
  repeated: number
  /** From their ends to the arrivals of the next attempts. */
  gaps: Latencies
}

/** Attempts that were answered with a Retry-After. */
export interface ToldToWait {
  attempts: number
  /** Of these, the ones after which the same request was tried again. */
  repeated: number
  /** By how much the next attempts came too early, of those that did. */
  early: Latencies
  /** The one that came earliest, measured by the share of its time that it waited. */
  worst: { request: string; atMs: Ms; toldMs: Ms; waitedMs: Ms } | null
}

export interface RetryCell {
  /** The phase in which the client's request was due. */
  phase: string
  route: string
  upstream: string
  /** By status, in order. */
  ended: EndedAttempts[]
  told: ToldToWait
  /** Attempts whose answer the upstream broke off or spoiled after its head. */
  spoiled: number
  /** Attempts that began while another of their request was under way. */
  overlapped: number
  /** Attempts that the proxy's front saw and no fake did. */
  swallowed: number
  /** Attempts at requests that had been over for a second or more. */
  late: number
  /** The most attempts of one request at one route of the upstream, those that were swallowed included. */
  most: number
  /** By number of such attempts: how many requests had so many. */
  tried: number[]
  /**
   * Of these, the ones whose last attempt failed with nothing but a status, or without an answer: what has begun to arrive cannot be
   * asked for again, and who is told to wait may give up.
   */
  givenUp: number[]
}

interface Counting extends Omit<RetryCell, 'ended' | 'told'> {
  ended: (Omit<EndedAttempts, 'gaps'> & { gaps: LatencyRecorder })[]
  told: Omit<ToldToWait, 'early'> & { early: LatencyRecorder }
}

export class RetryTally {
  readonly #index: PlanIndex
  readonly #origin: Ms
  readonly #table: CountTable<Counting>
  readonly #upstreams: readonly string[]

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
      ended: [],
      told: { attempts: 0, repeated: 0, early: new LatencyRecorder(2), worst: null },
      spoiled: 0,
      overlapped: 0,
      swallowed: 0,
      late: 0,
      most: 0,
      tried: [],
      givenUp: [],
    }))
  }

  /** As an upstream saw it that the route reaches. `place`: the upstream's, in the plan. */
  trace({ request, phase, route }: Trace, place: number, attempts: readonly Attempt[], heads: readonly AttemptEvent[]): void {
    if (!request || (attempts.length === 0 && heads.length === 0)) return
    const cell = this.#table.at(phase, route, place)
    cell.swallowed += Math.max(0, heads.length - attempts.length)
    const most = Math.max(mostAlike(attempts, kindOf), mostAlike(heads, kindOfHead))
    cell.most = Math.max(cell.most, most)
    countAt(cell.tried, most)
    const isHalted = wasHalted(request)
    if (!isHalted && heads.length <= attempts.length && isGivenUp(attempts)) countAt(cell.givenUp, most)
    const counted = isHalted ? endedBefore(request.t, attempts) : attempts
    if (counted.length === 1) this.#count(cell, counted[0]!, undefined)
    else if (counted.length > 1) this.#countAll(cell, counted)
  }

  /** An attempt at a request whose trace is closed. */
  late({ upstream }: ArrivalEvent, index: number, route: number): void {
    const cell = this.#table.at(this.#index.phaseOf(index), route, this.#upstreams.indexOf(upstream))
    cell.late++
  }

  result(): RetryCell[] {
    return this.#table.all().map(resultOf)
  }

  #countAll(cell: Counting, attempts: readonly Attempt[]): void {
    const inOrder = attempts.toSorted((a, b) => a.arrival.t - b.arrival.t)
    for (const [at, attempt] of inOrder.entries()) {
      const { departure } = attempt
      const isSame = (other: Attempt): boolean => kindOf(other) === kindOf(attempt)
      // Whatever order they ended in: the first one that began after this one was over.
      const next = departure && inOrder.slice(at + 1).find((other) => isSame(other) && other.arrival.t >= departure.t)
      this.#count(cell, attempt, next?.arrival)
      const goesOn = (other: Attempt): boolean => other.departure === undefined || other.departure.t > attempt.arrival.t
      if (inOrder.slice(0, at).some((before) => isSame(before) && goesOn(before))) cell.overlapped++
    }
  }

  #count(cell: Counting, { arrival, departure }: Attempt, next: ArrivalEvent | undefined): void {
    if (departure === undefined) return
    const status = statusOf(departure)
    if (!departure.whole && departure.status > 0) cell.spoiled++
    const ended = endedWith(cell, status)
    ended.attempts++
    if (next) {
      ended.repeated++
      ended.gaps.record(next.t - departure.t)
    }
    if (departure.retryAfterMs !== undefined && status > 0) this.#countTold(cell.told, arrival, departure, next)
  }

  #countTold(told: Counting['told'], { request }: ArrivalEvent, departure: DepartureEvent, next: ArrivalEvent | undefined): void {
    told.attempts++
    if (!next) return
    told.repeated++
    const toldMs = departure.retryAfterMs!
    const waitedMs = next.t - departure.t
    if (waitedMs >= toldMs) return
    told.early.record(toldMs - waitedMs)
    if (told.worst === null || waitedMs / toldMs < told.worst.waitedMs / told.worst.toldMs)
      told.worst = { request, atMs: next.t - this.#origin, toldMs, waitedMs }
  }
}

function endedWith(cell: Counting, status: number): Counting['ended'][number] {
  for (const known of cell.ended) if (known.status === status) return known // there are few
  const ended = { status, attempts: 0, repeated: 0, gaps: new LatencyRecorder(2) }
  cell.ended.push(ended)
  return ended
}

function resultOf({ ended, told, ...cell }: Counting): RetryCell {
  const byStatus = ended.toSorted((a, b) => a.status - b.status)
  return {
    ...cell,
    ended: byStatus.map(({ status, attempts, repeated, gaps }) => ({ status, attempts, repeated, gaps: gaps.result() })),
    told: { ...told, early: told.early.result() },
  }
}

/** An attempt that a stopped run cut says nothing of how the gateway takes such an end. */
const endedBefore = (t: Ms, attempts: readonly Attempt[]): readonly Attempt[] =>
  attempts.filter(({ departure }) => departure && departure.t < t && !departure.clientGone)

/** Whether nothing was tried after an attempt that gave reason to. */
function isGivenUp(attempts: readonly Attempt[]): boolean {
  let last = attempts[0]!
  for (const each of attempts) if (each.arrival.t > last.arrival.t) last = each
  const { departure } = last
  if (departure === undefined || departure.retryAfterMs !== undefined) return false
  const status = statusOf(departure)
  return departure.status === 0 || status === 429 || status >= 500
}

/** A gateway that drops an error's body has seen its head, and acts on that. */
const statusOf = ({ status, whole, clientGone }: DepartureEvent): number => (!whole || (clientGone && status < 400) ? 0 : status)

/** A gateway may ask an upstream several things to answer one request: only the same one again is a retry. */
const kindOf = ({ arrival: { method, route } }: Attempt): string => `${method} ${route}`

const kindOfHead = ({ method, path }: AttemptEvent): string => `${method} ${path}`

function mostAlike<Each>(all: readonly Each[], kind: (each: Each) => string): number {
  if (all.length < 2) return all.length
  const counts = new Map<string, number>()
  for (const each of all) counts.set(kind(each), (counts.get(kind(each)) ?? 0) + 1)
  return Math.max(...counts.values())
}

/** Cells of one phase, route and upstream as one. */
export function mergeRetries(a: RetryCell, b: RetryCell): RetryCell {
  const [worst] = [a.told.worst, b.told.worst]
    .filter((each) => each !== null)
    .toSorted((one, two) => one.waitedMs / one.toldMs - two.waitedMs / two.toldMs)
  return {
    ...a,
    ended: mergeEnded([...a.ended, ...b.ended]),
    told: {
      attempts: a.told.attempts + b.told.attempts,
      repeated: a.told.repeated + b.told.repeated,
      early: mergeLatencies([a.told.early, b.told.early]),
      worst: worst ?? null,
    },
    spoiled: a.spoiled + b.spoiled,
    overlapped: a.overlapped + b.overlapped,
    swallowed: a.swallowed + b.swallowed,
    late: a.late + b.late,
    most: Math.max(a.most, b.most),
    tried: addCounts(a.tried, b.tried),
    givenUp: addCounts(a.givenUp, b.givenUp),
  }
}

/** By status: attempts of several cells that ended alike. */
function mergeEnded(parts: readonly EndedAttempts[]): EndedAttempts[] {
  const byStatus = new Map<number, EndedAttempts>()
  for (const part of parts) {
    const known = byStatus.get(part.status)
    byStatus.set(part.status, known ? alikeTogether(known, part) : part)
  }
  return [...byStatus.values()].toSorted((a, b) => a.status - b.status)
}

function alikeTogether(one: EndedAttempts, other: EndedAttempts): EndedAttempts {
  return {
    status: one.status,
    attempts: one.attempts + other.attempts,
    repeated: one.repeated + other.repeated,
    gaps: mergeLatencies([one.gaps, other.gaps]),
  }
}
