// The condition of a breaker: its state with the facts that belong to it.
import type { Ms } from '../../kernel/clock.ts'

export type BreakerCondition = { is: 'closed' } | { is: 'open'; openedAt: Ms; until: Ms } | HalfOpen

interface HalfOpen {
  is: 'half_open'
  /** By place: when the probe that holds it is given up as lost. */
  probeDeadlines: Float64Array
  /** Probes that succeeded, in a row. */
  successes: number
}

/** The deadline of a place that no probe holds. */
export const FREE: Ms = Number.POSITIVE_INFINITY

/** The only closed condition, so that `===` tells whether a breaker is closed. */
export const CLOSED: BreakerCondition = { is: 'closed' }

export function halfOpen(probes: number): HalfOpen {
  return { is: 'half_open', probeDeadlines: new Float64Array(probes).fill(FREE), successes: 0 }
}

/** When the first of the probes under way is given up; Infinity when there is none. */
export function firstLost({ probeDeadlines }: HalfOpen): Ms {
  let first = FREE
  for (const deadline of probeDeadlines) first = Math.min(first, deadline)
  return first
}

/** The condition at `now`. Changes nothing. An opening that is still to come would last `recoveryMs`. */
export function foresee(condition: BreakerCondition, now: Ms, recoveryMs: Ms): BreakerCondition {
  let found = condition
  if (found.is === 'half_open') {
    const lost = firstLost(found)
    if (lost > now) return found
    found = { is: 'open', openedAt: lost, until: lost + recoveryMs }
  }
  return found.is === 'open' && now >= found.until ? halfOpen(0) : found
}

/** A breaker at rest, as plain data. Times are on the machine's monotonic axis, which survives a restart of the process. */
export type SavedBreaker = { state: 'closed' } | { state: 'open'; openedAt: Ms; until: Ms; step: number }
