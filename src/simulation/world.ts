// What everybody in a simulation shares.
import type { JournalEvent } from '../evidence/events.ts'
import type { Ms } from '../kernel/clock.ts'
import type { Deadlines } from '../gateway/upstream/deadlines.ts'
import type { EventQueue } from './event-queue.ts'
import type { Legs } from './legs.ts'

export interface World {
  readonly queue: EventQueue
  readonly legs: Legs
  /** Timeouts, many of one span. */
  readonly deadlines: Deadlines
  /** Time of load start. */
  readonly origin: Ms
  readonly write: (event: JournalEvent) => void
}
