// Who hears of a run's traffic: these four kinds of events are nearly all of it, so that each has a way of its own.
import type { ArrivalEvent, AttemptEvent, DepartureEvent, JournalEvent, RequestEvent } from './events.ts'

export interface Traffic {
  request(event: RequestEvent): void
  arrival(event: ArrivalEvent): void
  departure(event: DepartureEvent): void
  attempt(event: AttemptEvent): void
}

/** One who takes all events alike. */
export const trafficTo = (write: (event: JournalEvent) => void): Traffic => ({
  request: write,
  arrival: write,
  departure: write,
  attempt: write,
})
