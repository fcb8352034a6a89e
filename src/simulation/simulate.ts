// A plan simulated at once, without files: what tuning asks for.
//
//   const cast = await loadCast(plan)
//   const evidence = simulate(plan, { cast })
import { createFold } from '../evidence/fold/fold.ts'
import { type Part, type Wanted, everything } from '../evidence/fold/wanted.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { requestIdPrefix } from './run-id.ts'
import type { Plan } from '../plan/plan.ts'
import { loadCustomFaults, loadUpstream } from '../upstreams/find-module.ts'
import { type Calibration, defaultCalibration } from './calibration/calibration.ts'
import { refuseUnmodelled } from './refusals.ts'
import { type Cast, Simulation, type SimulationOptions } from './simulation.ts'

export type { Cast } from './simulation.ts'

export interface SimulateOptions extends Pick<SimulationOptions, 'cast' | 'policies'> {
  /** Default: the one that ships. */
  calibration?: Calibration
  /**
   * Parts of the evidence that are read of plays like this one: these alone are counted. A part that is read and is not among them
   * costs a second simulation of the play, and is added to them. Default: all are counted.
   */
  read?: Set<Part>
}

/** Loads what plans with these upstreams and faults need; the same for all seeds and settings. */
export async function loadCast({ upstreams, faults }: Pick<Plan, 'upstreams' | 'faults'>): Promise<Cast> {
  const places = faults.flatMap(({ fault }) => (fault.made === 'request' && fault.fault.is === 'custom' ? [fault.fault] : []))
  const loaded = Object.entries(upstreams).map(async ([name, place]) => [name, await loadUpstream(place)] as const)
  return { upstreams: new Map(await Promise.all(loaded)), customFaults: await loadCustomFaults(places) }
}

/**
 * The evidence of a simulated run: the same for the same plan and calibration.
 * @throws GatecrashError `invalid_scenario` for what cannot be simulated
 */
export function simulate(plan: Plan, { cast, calibration = defaultCalibration, policies, read }: SimulateOptions): Evidence {
  refuseUnmodelled(plan, calibration)
  const counting = (wanted: Wanted): Evidence => {
    const fold = createFold(plan, wanted)
    const write = fold.add
    const run = requestIdPrefix(plan.seed, 1)
    const simulation = new Simulation(plan, { cast, calibration, write, traffic: fold.traffic, run, ...(policies && { policies }) })
    while (!simulation.advance(Number.POSITIVE_INFINITY));
    write({ type: 'end', t: simulation.now, reason: 'complete' })
    return fold.result()
  }
  if (!read) return counting(everything)
  let all: Evidence | undefined
  return counting({
    parts: new Set(read),
    rest(name) {
      read.add(name)
      all ??= counting(everything)
      return all[name]
    },
  })
}
