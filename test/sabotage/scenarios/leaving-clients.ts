// Clients leave before any gateway gives up: only then is there work at the upstream that nobody waits for.
import { criteria, latency, phase, scenario, warmUp } from '../../../src/index.ts'
import { anyGateway } from '../../../scenarios/systems/any-gateway.ts'

export default scenario('leaving-clients', {
  story: 'Gemini takes its time for some answers, and clients leave before these come. Nobody works for them any more.',
  upstreams: anyGateway.upstreams,
  load: { ...anyGateway.load, timeout: '400ms' },
  phases: () => [
    warmUp('2s'),
    phase('steady', '4s'),
    phase('slow', '8s', latency('gemini', '2s', { share: 0.2 })),
    phase('recovery', '3s'),
  ],
  criteria: [criteria.upstreamWork('gemini').during('slow').endsWithItsClient('300ms')],
})
