// What a fake upstream has seen lately, for the users of its control API. The full record is the journal.
import type { UpstreamEvent } from './server.ts'

/** Arrivals and departures, numbered from 0. When the log is full, the oldest are dropped. */
export interface UpstreamLog {
  append(event: UpstreamEvent): void
  /** The events from number `first` on that are still held, the number to ask for next, and how many were dropped. */
  since(first: number): { events: (UpstreamEvent & { sequence: number })[]; next: number; lost: number }
}

export function upstreamLog(limit = 20_000): UpstreamLog {
  const ring: UpstreamEvent[] = []
  let next = 0
  return {
    append(event) {
      if (event.type === 'sockets') return
      ring[next % limit] = event
      next++
    },
    since(first) {
      const oldest = Math.max(0, next - limit)
      const from = Math.max(first, oldest)
      const events = []
      for (let sequence = from; sequence < next; sequence++) {
        const event = ring[sequence % limit]
        if (event) events.push({ sequence, ...event })
      }
      return { events, next, lost: Math.max(0, oldest - first) }
    },
  }
}
