// Once a second from the load generator: cumulative counts.
import type { Outcome } from '../../contract/outcome.ts'
import type { Ms } from '../../kernel/clock.ts'
import { defineTallied, optional, structure, whole } from './event.ts'

export interface LoadCounts {
  /** Arrivals due, sent and ended at the last count. */
  due: number
  sent: number
  ended: number
  mostInFlight: number
}

/** How many by outcome (absent: none), and the p95 of the latencies from due, `ok` only (null: none). */
export interface LastSecond {
  outcomes: Partial<Record<Outcome, number>>
  p95: Ms | null
}

const lastSecond = structure<LastSecond>(
  ({ outcomes, p95 }) => typeof outcomes === 'object' && outcomes !== null && (p95 === null || Number.isFinite(p95)),
)

export const load = defineTallied({
  fields: {
    due: whole,
    sent: whole,
    ended: whole,
    inFlight: whole,
    /** Of the requests that ended since the load event before; the evidence counts them itself. */
    last: optional(lastSecond),
  },
  /** Null when it never reported. */
  evidence: 'load',
  tally() {
    let last: LoadCounts | null = null
    return {
      add({ due, sent, ended, inFlight }) {
        last = { due, sent, ended, mostInFlight: Math.max(last?.mostInFlight ?? 0, inFlight) }
      },
      result: () => last,
    }
  },
})
