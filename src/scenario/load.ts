// Load as an author writes it: a rate that may change by phase, how arrivals are spread, and what is asked.
import type { Duration } from '../kernel/duration.ts'
import type { PlannedRoute } from '../plan/plan.ts'

/** A rate in requests per second: constant when both ends are equal, else a straight ramp over its phase. */
export interface RateInput {
  startPerSecond: number
  endPerSecond: number
}

export interface LoadInput {
  rate: RateInput
  /** `poisson` (default): seeded exponential gaps, as independent clients make them. `constant`: evenly spaced. */
  arrivals?: 'poisson' | 'constant'
  mix: PlannedRoute[]
  /** When the load generator gives a request up. Default 10 s. */
  timeout?: Duration
}

/** The same rate throughout. */
export function perSecond(rate: number): RateInput {
  return { startPerSecond: rate, endPerSecond: rate }
}

/** From one rate to another, in a straight line over the phase it is given to. */
export function ramp(startPerSecond: number, endPerSecond: number): RateInput {
  return { startPerSecond, endPerSecond }
}
