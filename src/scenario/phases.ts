// Phases as an author writes them: a name, a span, and what goes wrong in it.
import type { Duration } from '../kernel/duration.ts'
import type { FaultInput } from '../faults/fault-input.ts'
import type { RateInput } from './load.ts'

export interface PhaseInput {
  name: string
  duration: Duration
  warmUp: boolean
  /** Overrides the load's rate while it lasts. */
  rate?: RateInput
  faults: FaultInput[]
  /** In it the probes of claims are sent: between the story's requests, or with nothing else. */
  probes?: 'beside' | 'alone'
  /** In it so many connections ask again as soon as they are answered, and nothing else is sent. */
  saturation?: { connections: number }
}

/** Load through the same path that is judged by nobody: connections, compilers and caches get warm. */
export function warmUp(duration: Duration): PhaseInput {
  return { name: 'warm-up', duration, warmUp: true, faults: [] }
}

/** A phase in which all of `faults` are on, from its start to its end. */
export function phase(name: string, duration: Duration, ...faults: FaultInput[]): PhaseInput {
  return { name, duration, warmUp: false, faults }
}

phase.saturate = saturate

/**
 * A phase in which `connections` clients ask again as soon as they are answered: a closed loop, played by autocannon. The open-loop load
 * rests meanwhile, so that whatever is counted in the phase is the crowd's.
 */
function saturate(
  duration: Duration,
  { connections, name = 'saturated' }: { connections: number; name?: string },
  ...faults: FaultInput[]
): PhaseInput {
  return { ...phase(name, duration, ...faults), saturation: { connections } }
}

/** `count` times `faults` on for `bad`, then off for `good`: phases `name 1 bad`, `name 1 good`, `name 2 bad` … */
export function flapping(
  name: string,
  count: number,
  { bad, good }: { bad: Duration; good: Duration },
  ...faults: FaultInput[]
): PhaseInput[] {
  return Array.from({ length: count }, (_, at) => [
    phase(`${name} ${at + 1} bad`, bad, ...faults),
    phase(`${name} ${at + 1} good`, good),
  ]).flat()
}

/** The same phase at another rate. */
export function atRate(rate: RateInput, changed: PhaseInput): PhaseInput {
  return { ...changed, rate }
}
