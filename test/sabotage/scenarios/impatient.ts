// Clients give up before the upstream does, and the breaker's probes are theirs.
import { breaker, criteria, faults, perSecond, phase, reference, scenario, status, warmUp } from '../../../src/index.ts'
import { mix, upstreams } from '../../../scenarios/systems/podcast.ts'

const policies = {
  timeout: { attempt: '30s', total: '30s' },
  breaker: { failures: 5, recovery: '1s', recoveryGrowth: 1, recoveryJitter: 0, probeLease: '20s' },
} as const

export default scenario('impatient', {
  story: 'Gemini fails, then hangs, and every client leaves after half a second. A probe that is left says nothing, and frees its place.',
  upstreams,
  gateway: reference({ gemini: policies, assemblyai: policies }),
  load: { rate: perSecond(150), mix, timeout: '500ms' },
  phases: () => [
    warmUp('1s'),
    phase('steady', '3s'),
    phase('outage', '500ms', status('gemini', 503)),
    phase('hanging', '3s', faults.hang('gemini')),
    phase('recovery', '5s'),
  ],
  criteria: [
    breaker('gemini').goes('closed', 'open', 'half_open', 'closed'),
    breaker('gemini').closesWithin('2s').afterEndOf('hanging'),
    criteria.concurrency('gemini').during('hanging').atMost(2),
    criteria.upstreamWork('gemini').during('hanging').endsWithItsClient('500ms'),
  ],
})
