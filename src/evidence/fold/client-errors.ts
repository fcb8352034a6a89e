// Rows of answers that blame the client: the same 4xx, again and again, and nothing else of that upstream between. A breaker that takes
// them for failures opens at the end of such a row.
import type { Ms } from '../../kernel/clock.ts'
import type { Plan } from '../../plan/plan.ts'
import type { DepartureEvent } from '../events.ts'

export interface ClientErrorRow {
  upstream: string
  status: number
  answers: number
  /** When the first and the last of them ended. */
  fromMs: Ms
  toMs: Ms
}

/** Fewer in a row open no breaker. */
const SHORTEST = 3
/** How many rows of an upstream are kept: the longest. */
const MOST_ROWS = 200

export class ClientErrorTally {
  readonly #origin: Ms
  readonly #kept: ReadonlyMap<string, ClientErrorRow[]>
  readonly #current = new Map<string, ClientErrorRow>()

  constructor({ upstreams }: Plan, origin: Ms) {
    this.#origin = origin
    this.#kept = new Map(Object.keys(upstreams).map((upstream) => [upstream, []]))
  }

  /** Calls of the gateway's own are left out. */
  departure({ upstream, t, status, whole, clientGone }: DepartureEvent): void {
    const isClientError = status >= 400 && status < 500 && whole && !clientGone
    const row = this.#current.get(upstream)
    if (row && isClientError && row.status === status) {
      row.answers++
      row.toMs = t - this.#origin
      return
    }
    if (row) this.#end(row)
    if (isClientError) this.#current.set(upstream, { upstream, status, answers: 1, fromMs: t - this.#origin, toMs: t - this.#origin })
  }

  /** In order of time. */
  result(): ClientErrorRow[] {
    for (const row of this.#current.values()) this.#end(row)
    return [...this.#kept.values()].flat().toSorted((a, b) => a.fromMs - b.fromMs)
  }

  #end(row: ClientErrorRow): void {
    this.#current.delete(row.upstream)
    const kept = this.#kept.get(row.upstream)
    if (!kept || row.answers < SHORTEST) return
    kept.push(row)
    if (kept.length > MOST_ROWS) kept.splice(kept.indexOf(kept.toSorted((a, b) => a.answers - b.answers)[0]!), 1)
  }
}
