import { claims, phase, scenario, status, times, warmUp } from '../src/index.ts'
import { load, upstreams } from './systems/any-gateway.ts'

export default scenario('generic-outage', {
  story:
    'Gemini answers 503 to everything, for any gateway. It may hand the errors on; it may not repeat what must not be repeated, ' +
    'hammer Gemini, harm AssemblyAI, or go on failing when Gemini is back.',
  upstreams,
  load,
  phases: ({ gateway: { gemini } }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('outage', times(2, gemini.breaker.recovery), status('gemini', 503)),
    phase('recovery', times(4, gemini.breaker.recovery)),
  ],
  claims: [claims.survivesOutageOf('gemini', { in: 'outage' })],
})
