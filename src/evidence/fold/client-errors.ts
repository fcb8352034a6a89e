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
  /** By place of the upstream. */
  readonly #kept: readonly ClientErrorRow[][]
  readonly #current: (ClientErrorRow | undefined)[]

  constructor({ upstreams }: Plan, origin: Ms) {
    this.#origin = origin
    this.#kept = Object.keys(upstreams).map(() => [])
    this.#current = this.#kept.map(() => undefined)
  }

  /** Calls of the gateway's own are left out. `place`: the upstream's, in the plan. */
  departure({ upstream, t, status, whole, clientGone }: DepartureEvent, place: number): void {
    const isClientError = status >= 400 && status < 500 && whole && !clientGone
    const row = this.#current[place]
    if (!row && !isClientError) return
    if (row && isClientError && row.status === status) {
      row.answers++
      row.toMs = t - this.#origin
      return
    }
    this.#end(place)
    if (isClientError) this.#current[place] = { upstream, status, answers: 1, fromMs: t - this.#origin, toMs: t - this.#origin }
  }

  /** In order of time. */
  result(): ClientErrorRow[] {
    for (const place of this.#current.keys()) this.#end(place)
    return this.#kept.flat().toSorted((a, b) => a.fromMs - b.fromMs)
  }

  #end(place: number): void {
    const row = this.#current[place]
    this.#current[place] = undefined
    const kept = this.#kept[place]
    if (!kept || !row || row.answers < SHORTEST) return
    kept.push(row)
    if (kept.length > MOST_ROWS) kept.splice(kept.indexOf(kept.toSorted((a, b) => a.answers - b.answers)[0]!), 1)
  }
}
