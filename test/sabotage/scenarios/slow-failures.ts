// Each failure takes longer than the time in which failures are counted together.
import { breaker, faults, perSecond, phase, reference, scenario, warmUp } from '../../../src/index.ts'
import { mix, upstreams } from '../../../scenarios/systems/podcast.ts'

const policies = {
  timeout: { attempt: '1500ms', total: '3s' },
  breaker: { failures: 5, within: '1s', recovery: '1s', recoveryGrowth: 1, recoveryJitter: 0 },
} as const

export default scenario('slow-failures', {
  story: 'Gemini hangs, and the breaker counts the failures of the last second. A timeout is one of the moment in which it ends.',
  upstreams,
  gateway: reference({ gemini: policies, assemblyai: policies }),
  load: { rate: perSecond(150), mix },
  phases: () => [warmUp('1s'), phase('steady', '3s'), phase('hanging', '5s', faults.hang('gemini')), phase('recovery', '5s')],
  criteria: [breaker('gemini').opensWithin('3s').of('hanging'), breaker('gemini').closesWithin('4s').afterEndOf('hanging')],
})
