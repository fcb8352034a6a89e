// The first probes meet an upstream that takes them and never answers.
import { breaker, fastFail, faults, p95, perSecond, phase, reference, scenario, status, warmUp } from '../../../src/index.ts'
import { mix, upstreams } from '../../../scenarios/systems/podcast.ts'

const policies = {
  timeout: { attempt: '30s', total: '30s' },
  breaker: { failures: 5, recovery: '1s', recoveryGrowth: 1, recoveryJitter: 0, probeLease: '1s' },
} as const

export default scenario('hung-probe', {
  story: 'Gemini fails, then takes requests and never answers. One probe at a time is given up after a second, and nobody waits for it.',
  upstreams,
  gateway: reference({ gemini: policies, assemblyai: policies }),
  load: { rate: perSecond(150), mix },
  phases: () => [
    warmUp('1s'),
    phase('steady', '3s'),
    phase('outage', '500ms', status('gemini', 503)),
    phase('hanging', '4s', faults.hang('gemini')),
    phase('recovery', '5s'),
  ],
  criteria: [
    breaker('gemini').probesAtMost(1),
    fastFail('gemini').during('hanging').below('250ms'),
    p95().of('gemini').during('hanging').counting('ok', 'rejected', 'timeout', 'client_timeout').below('500ms'),
    breaker('gemini').goes('closed', 'open', 'half_open', 'closed'),
    breaker('gemini').closesWithin('3s').afterEndOf('hanging'),
  ],
})
