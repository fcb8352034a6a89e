import { claims, criteria, faults, phase, scenario, times, warmUp } from '../src/index.ts'
import { anyStreamingGateway } from './systems/any-gateway.ts'

export default scenario('generic-streams', {
  story:
    'Some of what an upstream answers is streamed. Streams break off, tell an error in their middle, or stall. Users get every event once and whole, ' +
    'soon, and each stream ends for them as it ended for the gateway.',
  tags: ['generic'],
  example: anyStreamingGateway,
  needs: 'streams',
  phases: ({ upstream, policies, routes }) => [
    warmUp('3s'),
    phase('steady', '12s'),
    phase('cut', '8s', faults.cutStream(upstream, 0.5, { share: 0.3, routes })),
    phase('error inside', '8s', faults.streamError(upstream, 503, { share: 0.3, routes })),
    phase('stalled', '8s', faults.stalledStream(upstream, 0.5, { share: 0.1, routes })),
    phase('recovery', times(2, policies.breaker.recovery)),
  ],
  claims: ({ upstream }) => [claims.isolates(upstream, { in: ['cut', 'error inside', 'stalled'] })],
  criteria: ({ upstream }) => [
    criteria.streams(upstream).whole(),
    criteria.streams(upstream).during('steady').firstEventWithin('500ms'),
    criteria.streams(upstream).during('steady').gapsBelow('500ms'),
    // A gateway that keeps a stream until it has all of it hands on no event of one that stalls.
    criteria.streams(upstream).during('stalled').firstEventWithin('500ms'),
    criteria.streams(upstream).during('recovery').firstEventWithin('500ms'),
  ],
})
