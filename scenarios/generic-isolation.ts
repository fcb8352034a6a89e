import { claims, faults, phase, scenario, status, times, warmUp } from '../src/index.ts'
import { anyGateway } from './systems/any-gateway.ts'

export default scenario('generic-isolation', {
  story:
    'An upstream first fails, then hangs. Its neighbours, which share nothing with it but the gateway, do as well as before: ' +
    'no errors, no waiting, no refusals.',
  tags: ['generic'],
  example: anyGateway,
  needs: 'neighbours',
  phases: ({ upstream, policies }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('failing', '8s', status(upstream, 503)),
    phase('hanging', '12s', faults.hang(upstream)),
    phase('recovery', times(3, policies.breaker.recovery)),
  ],
  claims: ({ upstream }) => [claims.isolates(upstream, { in: ['failing', 'hanging'] })],
})
