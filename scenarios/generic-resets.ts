import { claims, faults, phase, scenario, times, warmUp } from '../src/index.ts'
import { load, upstreams } from './systems/any-gateway.ts'

export default scenario('generic-resets', {
  story:
    'Every connection to Gemini is reset as soon as something is sent over it. What may have been done is not done again, ' +
    'Gemini is not hammered, and traffic returns when the network is back.',
  upstreams,
  load,
  phases: ({ gateway: { gemini } }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('resets', times(2, gemini.breaker.recovery), faults.resets('gemini')),
    phase('recovery', times(4, gemini.breaker.recovery)),
  ],
  claims: [claims.survivesBadNetworkTo('gemini', { in: 'resets' })],
})
