// The live stage keeps the promises of every stage.
import { describe } from 'vitest'
import { liveStage } from '../../../../src/stage/live/live-stage.ts'
import { stageContract } from '../stage-contract.ts'

describe('the live stage', () => {
  stageContract(() =>
    liveStage({ gateway: { kind: 'reference' }, readyPath: '/healthz', readyWithinMs: 10_000, toxiproxy: 'embedded', listen: {} }),
  )
})
