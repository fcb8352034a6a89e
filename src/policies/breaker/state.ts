// What a breaker is: closed, open or half-open, each with the facts of its own.
import type { Ms } from '../../kernel/clock.ts'

export type Circuit = { is: 'closed' } | { is: 'open'; openedAt: Ms; until: Ms } | HalfOpen

interface HalfOpen {
  is: 'half_open'
  /** By place: when the probe that holds it is given up. */
  leases: Float64Array
  /** Probes that succeeded, in a row. */
  successes: number
}

/** The lease of a place that no probe holds. */
export const FREE: Ms = Number.POSITIVE_INFINITY

/** There is but one, so that `===` tells whether a breaker is closed. */
export const CLOSED: Circuit = { is: 'closed' }

export function halfOpen(probes: number): HalfOpen {
  return { is: 'half_open', leases: new Float64Array(probes).fill(FREE), successes: 0 }
}

/** When the first of the probes under way is given up; Infinity when there is none. */
export function firstLost({ leases }: HalfOpen): Ms {
  let first = FREE
  for (const lease of leases) first = Math.min(first, lease)
  return first
}

/** The circuit as it would be found at `now`, moving nothing; an opening that is still to come would last `recoveryMs`. */
export function foresee(circuit: Circuit, now: Ms, recoveryMs: Ms): Circuit {
  let found = circuit
  if (found.is === 'half_open') {
    const lost = firstLost(found)
    if (lost > now) return found
    found = { is: 'open', openedAt: lost, until: lost + recoveryMs }
  }
  return found.is === 'open' && now >= found.until ? halfOpen(0) : found
}

/** A breaker at rest, as plain data; times are on the machine's monotonic axis, which a restart of the process does not move. */
export type SavedBreaker = { state: 'closed' } | { state: 'open'; openedAt: Ms; until: Ms; step: number }
