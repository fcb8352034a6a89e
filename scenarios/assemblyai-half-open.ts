import { claims, faults, phase, scenario, times, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/podcast.ts'

export default scenario('assemblyai-half-open', {
  story:
    'Connections to AssemblyAI are half open: requests leave and never arrive, and no end of the line is told. Only timeouts can notice. ' +
    'A transcript that may have been submitted is not submitted again.',
  tags: ['podcast-production', 'network'],
  upstreams,
  gateway,
  load,
  phases: ({ gateway: { assemblyai } }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('half-open', times(2, assemblyai.breaker.recovery), faults.halfOpen('assemblyai')),
    phase('recovery', times(4, assemblyai.breaker.recovery)),
  ],
  claims: [claims.survivesBadNetworkTo('assemblyai', { in: 'half-open' })],
})
