import { claims, latency, phase, scenario, times, warmUp } from '../src/index.ts'
import { load, upstreams } from './systems/any-gateway.ts'

export default scenario('generic-slow', {
  story:
    'Gemini answers three times later than a gateway is willing to wait. Users are told something in time, AssemblyAI does not notice, ' +
    'and everything is as before when Gemini is quick again.',
  upstreams,
  load,
  phases: ({ gateway: { gemini } }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('slow', times(2, gemini.breaker.recovery), latency('gemini', times(3, gemini.timeout.attempt))),
    phase('recovery', times(4, gemini.breaker.recovery)),
  ],
  claims: [claims.survivesSlownessOf('gemini', { in: 'slow' })],
})
