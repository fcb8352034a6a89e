// Phases as an author writes them: a name, a span, and what goes wrong in it.
import type { Duration } from '../kernel/duration.ts'
import type { FaultInput } from './faults.ts'
import type { RateInput } from './load.ts'

export interface PhaseInput {
  name: string
  duration: Duration
  warmUp: boolean
  /** Overrides the load's rate while it lasts. */
  rate?: RateInput
  faults: FaultInput[]
}

/** Load through the same path that is judged by nobody: connections, compilers and caches get warm. */
export function warmUp(duration: Duration): PhaseInput {
  return { name: 'warm-up', duration, warmUp: true, faults: [] }
}

/** A phase in which all of `faults` are on, from its start to its end. */
export function phase(name: string, duration: Duration, ...faults: FaultInput[]): PhaseInput {
  return { name, duration, warmUp: false, faults }
}

/** The same phase at another rate. */
export function atRate(rate: RateInput, changed: PhaseInput): PhaseInput {
  return { ...changed, rate }
}
