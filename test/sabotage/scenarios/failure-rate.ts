// A breaker that opens by the share of failures, and must notice the second outage as soon as the first.
import { breaker, perSecond, phase, reference, scenario, status, warmUp } from '../../../src/index.ts'
import { mix, upstreams } from '../../../scenarios/systems/podcast.ts'

const policies = {
  timeout: { attempt: '1s', total: '2s' },
  breaker: { failureRate: { ratio: 0.5, minimum: 20, within: '10s' }, recovery: '1s', recoveryGrowth: 1, recoveryJitter: 0 },
} as const

export default scenario('failure-rate', {
  story: 'Gemini fails for long, is well for a moment, and fails again. What was refused meanwhile does not count.',
  upstreams,
  gateway: reference({ gemini: policies, assemblyai: policies }),
  load: { rate: perSecond(150), mix },
  phases: () => [
    warmUp('1s'),
    phase('steady', '2s'),
    // Long enough for refusals to outnumber the failures that opened it.
    phase('outage', '8s', status('gemini', 503)),
    phase('between', '1500ms'),
    phase('again', '4s', status('gemini', 503)),
    phase('recovery', '4s'),
  ],
  criteria: [
    breaker('gemini').opensWithin('4s').of('outage'),
    breaker('gemini').opensWithin('2500ms').of('again'),
    breaker('gemini').closesWithin('2s').afterEndOf('again'),
  ],
})
