// The simulated stage: a Stage without processes, sockets or real time. The same plan gives the same events, stamped by a virtual clock.
import { turn } from '../kernel/clock.ts'
import { GatecrashError } from '../kernel/errors.ts'
import type { Plan } from '../plan/plan.ts'
import type { OpenStage, PlayOptions, Stage, StageEnd } from '../stage/stage.ts'
import type { Calibration } from './calibration/calibration.ts'
import { refuseUnmodelled } from './refusals.ts'
import { requestIdPrefix } from './run-id.ts'
import { loadCast } from './simulate.ts'
import { Simulation } from './simulation.ts'

// A simulation has no pauses of its own: signals get their turn between so many steps.
const STEPS_BETWEEN_TURNS = 2000

export function simulatedStage(calibration: Calibration): Stage {
  return { kind: 'simulated', open: (first, signal) => open(first, calibration, signal) }
}

async function open(first: Plan, calibration: Calibration, signal: AbortSignal): Promise<OpenStage> {
  if (signal.aborted) throw new GatecrashError('interrupted', 'stopped before the load began')
  refuseUnmodelled(first, calibration)
  const upstreams = Object.keys(first.upstreams).toSorted().join(', ')
  let plays = 0
  let isPlaying = false
  let simulation: Simulation | undefined
  const play = async (plan: Plan, on: PlayOptions): Promise<StageEnd> => {
    if (isPlaying) throw new GatecrashError('usage', 'a plan is being played on this stage; wait for its end')
    const asked = Object.keys(plan.upstreams).toSorted().join(', ')
    if (asked !== upstreams)
      throw new GatecrashError('usage', `the stage was opened with ${upstreams}, and the plan has ${asked}; open another stage`)
    refuseUnmodelled(plan, calibration)
    isPlaying = true
    try {
      const run = requestIdPrefix(plan.seed, ++plays)
      simulation = new Simulation(plan, { cast: await loadCast(plan), calibration, run, write: (event) => on.sink.write(event) })
      return await played(simulation, on.signal)
    } finally {
      isPlaying = false
    }
  }
  const close = async (): Promise<void> => {}
  return {
    toxiproxy: { kind: 'simulated', version: '' },
    proxies: {},
    now: () => simulation?.now ?? 0,
    play,
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function played(simulation: Simulation, signal: AbortSignal): Promise<StageEnd> {
  for (;;) {
    for (let step = 0; step < STEPS_BETWEEN_TURNS; step++) {
      if (simulation.advance(1)) return { reason: 'complete' }
      if (signal.aborted) return { reason: 'interrupted' }
    }
    await turn()
  }
}
