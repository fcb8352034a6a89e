import { claims, criteria, faults, phase, scenario, times, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/podcast-production.ts'

export default scenario('assemblyai-timeouts', {
  story:
    'AssemblyAI takes requests and never answers. After five timeouts it is left alone; users are told at once to upload a transcript by hand, ' +
    'and the other services do not notice.',
  tags: ['podcast-production'],
  upstreams,
  gateway,
  // Clients wait longer than the gateway does with any settings.
  load: { ...load, timeout: '40s' },
  phases: ({ gateway: { assemblyai } }) => [
    warmUp('3s'),
    phase('steady', '14s'),
    phase('hang', times(3, assemblyai.breaker.recovery), faults.hang('assemblyai')),
    phase('recovery', times(3, assemblyai.breaker.recovery)),
  ],
  claims: [claims.survivesSlownessOf('assemblyai', { in: 'hang' })],
  criteria: [
    criteria
      .answers('assemblyai')
      .during('hang')
      .carry({ json: { status: 'string', upload: 'string' } }, { of: ['fallback'] }),
  ],
})
