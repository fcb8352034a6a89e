import { claims, faults, phase, scenario, times, warmUp } from '../src/index.ts'
import { anyGateway } from './systems/any-gateway.ts'

export default scenario('generic-hang', {
  story:
    'An upstream takes every request and never answers, for any gateway. Only timeouts can notice: users are told something in time, ' +
    'and once it is clear that it hangs, nobody waits for it any more.',
  tags: ['generic'],
  example: anyGateway,
  phases: ({ upstream, policies }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('hang', times(2, policies.breaker.recovery), faults.hang(upstream)),
    phase('recovery', times(4, policies.breaker.recovery)),
  ],
  claims: ({ upstream }) => [claims.survivesSlownessOf(upstream, { in: 'hang' })],
})
