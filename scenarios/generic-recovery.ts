import { claims, phase, scenario, status, times, warmUp } from '../src/index.ts'
import { anyGateway } from './systems/any-gateway.ts'

export default scenario('generic-recovery', {
  story:
    'An upstream fails twice, with a time between in which all is well. Each time users are served as before soon after it is back, ' +
    'and a breaker that there is waits as long as it is set to, no less and not for ever.',
  tags: ['generic'],
  example: anyGateway,
  phases: ({ upstream, policies }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('first outage', times(1.5, policies.breaker.recovery), status(upstream, 503)),
    phase('between', times(2.4, policies.breaker.recovery)),
    phase('second outage', times(1.5, policies.breaker.recovery), status(upstream, 503)),
    phase('recovery', times(3, policies.breaker.recovery)),
  ],
  claims: ({ upstream }) => [claims.recovers(upstream, { in: 'first outage' }), claims.recovers(upstream, { in: 'second outage' })],
})
