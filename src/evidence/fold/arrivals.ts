// What an upstream received, by phase and kind; how often the same request came again.
import type { Ms } from '../../kernel/clock.ts'
import { cells } from './grouped-counters.ts'
import type { ArrivalEvent } from '../events.ts'

export interface ArrivalCell {
  /** The phase in which the client's request was due, wherever in time its retries arrived. */
  phase: string
  upstream: string
  route: string
  method: string
  /** Whether repeating these requests is safe. */
  idempotent: boolean
  count: number
  /** byAttempt[k]: arrivals that were the k-th of their request id; byAttempt[0]: arrivals without their client's id. */
  byAttempt: number[]
  /** The earliest arrival with attempt 2 or more. */
  firstRepeat: { atMs: Ms; request: string; attempt: number } | null
}

export function tallyArrivals(): { add(event: ArrivalEvent, phase: string, atMs: Ms): void; result(): ArrivalCell[] } {
  const table = cells<ArrivalCell>()
  return {
    add(event, phase, atMs) {
      const { upstream, route, method, idempotent, attempt } = event
      const cell = table.at([phase, upstream, route, method, idempotent], () => ({
        phase,
        upstream,
        route,
        method,
        idempotent,
        count: 0,
        byAttempt: [],
        firstRepeat: null,
      }))
      cell.count++
      while (cell.byAttempt.length <= attempt) cell.byAttempt.push(0)
      cell.byAttempt[attempt]!++
      if (attempt >= 2 && (cell.firstRepeat === null || atMs < cell.firstRepeat.atMs))
        cell.firstRepeat = { atMs, request: event.request, attempt }
    },
    result: () => table.sorted(),
  }
}
