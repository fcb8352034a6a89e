import { claims, faults, phase, scenario, times, warmUp } from '../src/index.ts'
import { anyGateway } from './systems/any-gateway.ts'

export default scenario('generic-resets', {
  story:
    'Every connection to an upstream is reset as soon as something is sent over it. What may have been done is not done again, ' +
    'the upstream is not hammered, and traffic returns when the network is back.',
  tags: ['generic', 'network'],
  example: anyGateway,
  phases: ({ upstream, policies }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('resets', times(2, policies.breaker.recovery), faults.resets(upstream)),
    phase('recovery', times(4, policies.breaker.recovery)),
  ],
  claims: ({ upstream }) => [claims.survivesBadNetworkTo(upstream, { in: 'resets' })],
})
