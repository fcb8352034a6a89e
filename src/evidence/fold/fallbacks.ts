// Answers that their upstream did not give for them: fallbacks, marked or not, with the age of what they hold.
//
//   upstream sends body B ──── age ────▶ a client gets B, and none of its own attempts was answered well
//
// A body is known by its checksum: when it was last sent is how old it may be at least. One that was sent while the client was waiting
// is no fallback: the gateway shares calls, or hides whose they are.
import { checksumNumber } from '../../contract/body-checksum.ts'
import type { Ms } from '../../kernel/clock.ts'
import type { Plan } from '../../plan/plan.ts'
import type { DepartureEvent } from '../events.ts'
import { type Latencies, LatencyRecorder } from '../latency-histogram.ts'
import { mergeLatencies } from '../merge-latencies.ts'
import type { Trace } from '../trace.ts'
import { CountTable } from './counting/count-table.ts'
import { LastSent } from './last-sent.ts'

/** Answers whose body was sent before they were asked for. */
export interface KeptAnswers {
  count: number
  /** From when an upstream last sent the body until the client had it; of those whose body an upstream sent in this run. */
  ages: Latencies
}

export interface FallbackCell {
  /** The phase in which the client's request was due. */
  phase: string
  route: string
  reaches: readonly string[]
  /** They say that they are fallbacks. */
  marked: KeptAnswers
  /** They look like answers of now, and their body is an earlier one. */
  unmarked: KeptAnswers
  /** They look like answers of now, and nobody sent such a body: made up, or changed on the way. */
  unbacked: number
}

interface Counting extends Omit<FallbackCell, 'marked' | 'unmarked'> {
  marked: Keeping
  unmarked: Keeping
}

interface Keeping {
  count: number
  ages: LatencyRecorder
}

/** How long a departure may be told after its client has the answer: the fake hears of it last. */
const SLACK: Ms = 250

export class FallbackTally {
  readonly #table: CountTable<Counting>
  /** Statuses from 400 on that a route of the load takes for good answers. */
  readonly #expected: ReadonlySet<number>
  readonly #sent = new LastSent()

  constructor({ phases, load }: Plan) {
    this.#expected = new Set(load.mix.flatMap(({ expectedStatuses = [] }) => expectedStatuses))
    this.#table = new CountTable([phases.length, load.mix.length], (phase = 0, route = 0) => ({
      phase: phases[phase]?.name ?? '',
      route: load.mix[route]!.route,
      reaches: load.mix[route]!.reaches.map(({ upstream }) => upstream),
      marked: { count: 0, ages: new LatencyRecorder(2) },
      unmarked: { count: 0, ages: new LatencyRecorder(2) },
      unbacked: 0,
    }))
  }

  /** `sum`: the checksum of its body, undefined where it has none. */
  departure({ t, status, whole, clientGone }: DepartureEvent, sum: number | undefined): void {
    if (sum === undefined || !whole || clientGone || !this.#isGood(status)) return
    this.#sent.set(sum, t)
  }

  trace({ request, phase, route, attempts }: Trace): void {
    if (!request || (request.outcome !== 'fallback' && (request.outcome !== 'ok' || this.#isAnswered(attempts)))) return
    const cell = this.#table.at(phase, route)
    if (cell.reaches.length === 0) return
    const sentAt = this.#lastSent(request.checksum) ?? this.#lastSent(request.plainChecksum)
    if (request.outcome === 'fallback') keep(cell.marked, sentAt, request.t)
    else if (sentAt === undefined) cell.unbacked++
    else if (sentAt < request.sent - SLACK) keep(cell.unmarked, sentAt, request.t)
  }

  /** When the body was last sent; undefined where it was not, as far as is remembered, and where there is none. */
  #lastSent(checksum = ''): Ms | undefined {
    return checksum === '' ? undefined : this.#sent.get(checksumNumber(checksum))
  }

  #isAnswered(attempts: Trace['attempts']): boolean {
    for (const { departure } of attempts)
      if (departure !== undefined && departure.whole && !departure.clientGone && this.#isGood(departure.status)) return true
    return false
  }

  #isGood(status: number): boolean {
    return (status > 0 && status < 400) || this.#expected.has(status)
  }

  result(): FallbackCell[] {
    return this.#table.all().map(({ phase, route, reaches, marked, unmarked, unbacked }) => ({
      phase,
      route,
      reaches,
      marked: { count: marked.count, ages: marked.ages.result() },
      unmarked: { count: unmarked.count, ages: unmarked.ages.result() },
      unbacked,
    }))
  }
}

/** Cells of one phase and route as one. */
export function mergeFallbacks(a: FallbackCell, b: FallbackCell): FallbackCell {
  return { ...a, marked: both(a.marked, b.marked), unmarked: both(a.unmarked, b.unmarked), unbacked: a.unbacked + b.unbacked }
}

const both = (a: KeptAnswers, b: KeptAnswers): KeptAnswers => ({ count: a.count + b.count, ages: mergeLatencies([a.ages, b.ages]) })

function keep(kept: Keeping, sentAt: Ms | undefined, atMs: Ms): void {
  kept.count++
  if (sentAt !== undefined) kept.ages.record(atMs - sentAt)
}
