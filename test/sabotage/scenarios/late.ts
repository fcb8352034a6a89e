// Calls that began before the outage end in the middle of it: they say nothing of now.
import { breaker, latency, perSecond, phase, reference, scenario, status, warmUp } from '../../../src/index.ts'
import { mix, upstreams } from '../../../scenarios/systems/podcast.ts'

const policies = {
  timeout: { attempt: '4s', total: '5s' },
  breaker: { failures: 5, recovery: '2s', recoveryGrowth: 1, recoveryJitter: 0 },
} as const

export default scenario('late', {
  story: 'Gemini is slow, and fails: good answers and bad ones come when the breaker has long decided. It heeds none of them.',
  upstreams,
  gateway: reference({ gemini: policies, assemblyai: policies }),
  load: { rate: perSecond(150), mix },
  phases: () => [
    warmUp('1s'),
    phase('steady', '3s'),
    phase('slow', '2s', latency('gemini', '1s', { share: 0.2 })),
    phase(
      'outage',
      '1500ms',
      status('gemini', 503),
      // Both act before five failures have opened it, whatever the seed.
      latency('gemini', '1500ms', { every: 4 }),
      latency('gemini', '2500ms', { every: 5 }),
    ),
    // A late failure may prolong the opening to 6 s.
    phase('recovery', '8s'),
  ],
  criteria: [
    breaker('gemini').goes('closed', 'open', 'half_open', 'closed'),
    breaker('gemini').recoversAfter('2s', { atMost: '3s' }),
    breaker('gemini').closesWithin('3s').afterEndOf('outage'),
    breaker('assemblyai').staysClosed(),
  ],
})
