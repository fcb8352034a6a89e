import { claims, faults, phase, scenario, times, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/podcast-production.ts'

export default scenario('elevenlabs-slow-drip', {
  story:
    'ElevenLabs begins its answers at once and then sends a few bytes a second. A timeout that waits for the head alone would wait for ever: ' +
    'users are told something in time, the breaker opens, and the other services do not notice.',
  tags: ['podcast-production'],
  upstreams,
  gateway,
  load: { ...load, timeout: '40s' },
  phases: ({ gateway: { elevenlabs } }) => [
    warmUp('3s'),
    phase('steady', '14s'),
    phase('drip', times(3, elevenlabs.breaker.recovery), faults.drip('elevenlabs', 20, times(0.5, elevenlabs.timeout.attempt))),
    phase('recovery', times(3, elevenlabs.breaker.recovery)),
  ],
  claims: [claims.survivesSlownessOf('elevenlabs', { in: 'drip' })],
})
