// What everybody in a simulation shares.
import type { JournalEvent } from '../evidence/events.ts'
import type { Traffic } from '../evidence/traffic.ts'
import type { Ms } from '../kernel/clock.ts'
import type { KeptResponse } from '../gateway/cache/kept-response.ts'
import { drive } from '../policies/drive.ts'
import { serve } from '../policies/serve.ts'
import { stackOf } from '../policies/stack.ts'
import type { Deadlines } from '../gateway/upstream/deadlines.ts'
import type { EventQueue } from './event-queue.ts'
import type { Legs } from './legs.ts'

/** The code that decides; a gateway with a planted defect replaces it. */
export interface Policies {
  stackOf: typeof stackOf<KeptResponse>
  serve: typeof serve<KeptResponse>
  drive: typeof drive
}

export const ownPolicies: Policies = { stackOf, serve, drive }

export interface World {
  readonly policies: Policies
  readonly queue: EventQueue
  readonly legs: Legs
  /** Timeouts, many of one span. */
  readonly deadlines: Deadlines
  /** Time of load start. */
  readonly origin: Ms
  /** Takes events of the traffic. */
  readonly tell: Traffic
  /** Takes any other event. */
  readonly write: (event: JournalEvent) => void
}
