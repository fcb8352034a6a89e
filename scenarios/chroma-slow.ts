import { claims, latency, phase, scenario, times, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/writing-assistant.ts'

export default scenario('chroma-slow', {
  story:
    'Chroma answers three times slower than its client waits. Searches are answered from what was found before, saving, billing and snapshots do ' +
    'not notice, and Chroma is asked again when its time is over.',
  tags: ['writing-assistant'],
  upstreams,
  gateway,
  load: { ...load, timeout: '60s' },
  phases: ({ gateway: { chroma } }) => [
    warmUp('3s'),
    phase('steady', '11.5s'),
    phase('slow', times(2.5, chroma.breaker.recovery), latency('chroma', times(3, chroma.timeout.attempt))),
    phase('recovery', times(3, chroma.breaker.recovery)),
  ],
  claims: [claims.survivesSlownessOf('chroma', { in: 'slow' })],
})
