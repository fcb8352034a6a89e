// The simulated stage keeps the promises of every stage.
import { describe } from 'vitest'
import { defaultCalibration } from '../../../../src/simulation/calibration/calibration.ts'
import { simulatedStage } from '../../../../src/simulation/simulated-stage.ts'
import { stageContract } from '../stage-contract.ts'

describe('the simulated stage', () => {
  stageContract(() => simulatedStage(defaultCalibration))
})
