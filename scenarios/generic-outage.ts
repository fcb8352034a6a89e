import { claims, phase, scenario, status, times, warmUp } from '../src/index.ts'
import { anyGateway } from './systems/any-gateway.ts'

export default scenario('generic-outage', {
  story:
    'An upstream answers 503 to everything, for any gateway. The gateway may hand the errors on; it may not repeat what must not be repeated, ' +
    'hammer the upstream, harm its neighbours, or go on failing when it is back.',
  tags: ['generic'],
  example: anyGateway,
  phases: ({ upstream, policies }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('outage', times(2, policies.breaker.recovery), status(upstream, 503)),
    phase('recovery', times(4, policies.breaker.recovery)),
  ],
  claims: ({ upstream }) => [claims.survivesOutageOf(upstream, { in: 'outage' })],
})
