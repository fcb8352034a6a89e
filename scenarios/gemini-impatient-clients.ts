import { breaker, claims, latency, phase, scenario, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/podcast.ts'

export default scenario('gemini-impatient-clients', {
  story:
    'Gemini takes its time for some answers, and clients leave before these come. What they asked for is not worked on any more, ' +
    'their leaving is not blamed on Gemini, and whoever waits is served as before.',
  tags: ['podcast-production'],
  upstreams,
  gateway,
  // Shorter than the gateway's own patience, so that it is the client who ends a slow request.
  load: { ...load, timeout: '500ms' },
  phases: () => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('slow', '15s', latency('gemini', '2s', { share: 0.2 })),
    phase('recovery', '10s'),
  ],
  claims: [claims.leaksNothing('gemini', { in: 'slow', outlives: '500ms' }), claims.isolates('gemini', { in: 'slow', p95Below: '400ms' })],
  criteria: [breaker('gemini').staysClosed(), breaker('assemblyai').staysClosed()],
})
