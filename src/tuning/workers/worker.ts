// The thread that plays trials: one at a time, as they are sent.
import { parentPort, workerData } from 'node:worker_threads'
import { GatecrashError } from '../../kernel/errors.ts'
import { findScenario } from '../../project/find-scenario.ts'
import { simulator } from '../trial/simulator.ts'
import type { Trial } from '../trial/trial.ts'
import type { FromWorker, WorkerSetup } from './pool.ts'

const setup = workerData as WorkerSetup
const answer = (message: FromWorker): void => parentPort?.postMessage(message)

const scenarios = await Promise.all(setup.files.map((file) => findScenario(file)))
const play = simulator({ scenarios, plan: setup.plan, calibration: setup.calibration })

parentPort?.on('message', (trial: Trial) => {
  play(trial).then(
    (result) => answer({ is: 'played', result }),
    (error: unknown) =>
      answer({ is: 'failed', code: error instanceof GatecrashError ? error.code : 'internal', message: (error as Error).message }),
  )
})
answer({ is: 'ready' })
