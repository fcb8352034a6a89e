import { breaker, criteria, errorRate, phase, scenario, status, unharmed, unsafeRetries, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/podcast-production.ts'

export default scenario('auphonic-429', {
  story:
    'Auphonic answers every third request with 429 and asks for a second of patience. That is no failure: the breaker stays closed. The gateway waits ' +
    'as long as it is told, and users who cannot be served get basic audio processing that says so.',
  tags: ['podcast-production'],
  upstreams,
  gateway,
  load,
  phases: () => [
    warmUp('3s'),
    phase('steady', '15s'),
    phase('limited', '16s', status('auphonic', 429, { every: 3, retryAfter: '1' })),
    phase('after', '10s'),
  ],
  criteria: [
    breaker('auphonic').staysClosed(),
    criteria.retries('auphonic').during('limited').honourRetryAfter(),
    unsafeRetries('auphonic').during('limited').none(),
    criteria.fallbacks('auphonic').during('limited').marked(),
    criteria
      .answers('auphonic')
      .during('limited')
      .carry({ json: { status: 'string', loudness: 'string' } }, { of: ['fallback'] }),
    ...['assemblyai', 'gemini', 'elevenlabs', 'gcs'].map((other) => unharmed(other).comparedWith('steady')),
    errorRate().during('limited').below('1%'),
    errorRate().during('steady', 'after').below('1%'),
  ],
})
