// Plays the best candidates of a tuning live, in the same story, and holds the simulation's word against what was seen.
import { join } from 'node:path'
import { span } from '../../kernel/wording.ts'
import { type Confirmation, confirmationOf } from '../../tuning/confirmation.ts'
import { candidatePlan } from '../../tuning/trial/candidate-plan.ts'
import { simulator } from '../../tuning/trial/simulator.ts'
import type { ReadyTuning } from '../../tuning/tune.ts'
import type { Tuned } from '../../tuning/tuned.ts'
import { type ExitCode, exitCodeOfError } from '../exit-codes.ts'
import { takenBy } from '../flags/flags.ts'
import type { OnProject } from '../project/on-project.ts'
import { say } from '../say.ts'
import { playSeries } from '../series/play-series.ts'

interface Confirming {
  ready: ReadyTuning
  folder: string
  on: OnProject
  signal: AbortSignal
}

export interface ConfirmedLive {
  confirmations: Confirmation[]
  /** Of runs that could not be played. Each was told. */
  notPlayed: ExitCode[]
}

/** A search whose time was over has found something too; after Ctrl-C nothing is begun. */
export async function confirmLive(tuned: Tuned, { ready, folder, on, signal }: Confirming): Promise<ConfirmedLive> {
  const { values, given, project } = on
  const candidates = tuned.recommended === null ? [] : [tuned.recommended, ...tuned.front.slice(1)].slice(0, values.confirm)
  const planOptions = { ...ready.plan, overrides: ready.fixed }
  const simulate = simulator({ scenarios: ready.scenarios, plan: planOptions, calibration: ready.calibration })
  const confirmations: Confirmation[] = []
  const notPlayed: ExitCode[] = []
  for (const { settings } of candidates)
    for (const found of ready.scenarios) {
      if (signal.aborted) return { confirmations, notPlayed }
      const trial = { scenario: found.scenario.name, settings, seed: ready.seed }
      const plan = candidatePlan(found, trial, planOptions)
      say(`\nconfirming live: ${trial.scenario} with ${JSON.stringify(settings)}, ${span(plan.durationMs)}`)
      const liveValues = { ...values, gateway: { kind: 'reference' } as const, out: join(folder, 'live') }
      const { runs } = await playSeries([plan], liveValues, signal, {
        values: liveValues,
        // A live run has a machine of its own.
        given: { ...takenBy('run', given), set: ready.fixed, candidate: settings, calibration: undefined },
        project,
      })
      const [simulated, run] = [await simulate(trial), runs[0]]
      if (simulated.is === 'judged' && run?.is === 'judged') confirmations.push(confirmationOf(trial, simulated, run.verdict))
      if (run?.is === 'not_played') notPlayed.push(exitCodeOfError[run.error.code])
    }
  return { confirmations, notPlayed }
}
