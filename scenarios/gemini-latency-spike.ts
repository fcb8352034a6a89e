import { claims, latency, p95, phase, scenario, times, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/podcast.ts'

export default scenario('gemini-latency-spike', {
  story:
    'Gemini still answers, but three times slower than the gateway is willing to wait. Users get an answer within the claimed two seconds ' +
    'at any time, from the cache where need be, and Gemini is left alone until it is quick again.',
  tags: ['podcast-production'],
  upstreams,
  gateway,
  // Clients wait longer than the gateway does with any settings: what it makes of slow answers is to be seen.
  load: { ...load, timeout: '35s' },
  phases: ({ gateway: { gemini } }) => [
    warmUp('3s'),
    phase('steady', '11.5s'),
    phase('spike', times(2, gemini.breaker.recovery), latency('gemini', times(3, gemini.timeout.attempt))),
    phase('recovery', times(4, gemini.breaker.recovery)),
  ],
  claims: [claims.survivesSlownessOf('gemini', { in: 'spike' })],
  criteria: ({ gateway: { gemini } }) => [
    p95().of('gemini').during('spike').counting('ok', 'fallback').below(times(2, gemini.timeout.attempt)),
  ],
})
