import { claims, faults, phase, scenario, times, warmUp } from '../src/index.ts'
import { load, upstreams } from './systems/any-gateway.ts'

export default scenario('generic-hang', {
  story:
    'Gemini takes every request and never answers, for any gateway. Only timeouts can notice: users are told something in time, ' +
    'and once it is clear that Gemini hangs, nobody waits for it any more.',
  upstreams,
  load,
  phases: ({ gateway: { gemini } }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('hang', times(2, gemini.breaker.recovery), faults.hang('gemini')),
    phase('recovery', times(4, gemini.breaker.recovery)),
  ],
  claims: [claims.survivesSlownessOf('gemini', { in: 'hang' })],
})
