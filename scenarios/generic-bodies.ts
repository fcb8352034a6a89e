import { claims, criteria, errorRate, faults, phase, scenario, warmUp } from '../src/index.ts'
import { anyGateway } from './systems/any-gateway.ts'

export default scenario('generic-bodies', {
  story:
    'One answer of an upstream in six ends too early, then one in six is reset in its middle, then one in six is garbage. No half answer becomes ' +
    'a whole one on its way, and its neighbours do not notice.',
  tags: ['generic'],
  example: anyGateway,
  needs: 'bodies',
  phases: ({ upstream }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('too short', '8s', faults.truncated(upstream, 0.5, { every: 6 })),
    phase('reset', '8s', faults.disconnectMidBody(upstream, 0.5, { every: 6 })),
    phase('garbage', '8s', faults.malformed(upstream, { every: 6 })),
    phase('recovery', '12s'),
  ],
  claims: ({ upstream }) => [claims.isolates(upstream, { in: ['too short', 'reset', 'garbage'] })],
  criteria: ({ upstream }) => [
    criteria.answers(upstream).during('too short', 'reset', 'garbage').unspoiled(),
    // A gateway may write JSON anew, by design.
    criteria.answers(upstream).during('steady').intact().warn(),
    criteria.unsafeRetries(upstream).none(),
    errorRate().of(upstream).during('recovery').below('1%'),
  ],
})
