import { claims, latency, phase, scenario, times, warmUp } from '../src/index.ts'
import { anyGateway } from './systems/any-gateway.ts'

export default scenario('generic-slow', {
  story:
    'An upstream answers three times later than a gateway is willing to wait. Users are told something in time, its neighbours do not notice, ' +
    'and everything is as before when it is quick again.',
  tags: ['generic'],
  example: anyGateway,
  phases: ({ upstream, policies }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('slow', times(2, policies.breaker.recovery), latency(upstream, times(3, policies.timeout.attempt))),
    phase('recovery', times(4, policies.breaker.recovery)),
  ],
  claims: ({ upstream }) => [claims.survivesSlownessOf(upstream, { in: 'slow' })],
})
