import { amplification, claims, faults, phase, scenario, times, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/podcast.ts'

export default scenario('assemblyai-resets', {
  story:
    'Every connection to AssemblyAI is reset as soon as something is sent over it. There is nothing to fall back to: ' +
    'the gateway says so at once instead of trying again and again, never submits a transcript twice, and recovers by itself.',
  tags: ['podcast-production', 'network'],
  upstreams,
  gateway,
  load,
  phases: ({ gateway: { assemblyai } }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('resets', times(2, assemblyai.breaker.recovery), faults.resets('assemblyai')),
    phase('recovery', times(4, assemblyai.breaker.recovery)),
  ],
  claims: [claims.survivesBadNetworkTo('assemblyai', { in: 'resets' })],
  criteria: [
    // With the recovery: the breaker lets too few requests be tried under resets alone to bound their attempts.
    amplification('assemblyai').during('resets', 'recovery').below(1.1),
  ],
})
