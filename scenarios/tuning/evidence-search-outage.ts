// For tuning alone, which takes it by its path: webhooks cannot be simulated, and searches see the same breaker.
import { claims, phase, scenario, status, times, warmUp } from '../../src/index.ts'
import { gateway, searchLoad, upstreams } from '../systems/compliance-reporting.ts'

export default scenario('evidence-search-outage', {
  story:
    'People search for evidence, and its service is switched off. After five failures it is left alone, searches are refused at once, the receiver ' +
    'of webhooks does not notice, and searches are answered again when the service is back.',
  tags: ['compliance-reporting'],
  upstreams,
  gateway,
  load: searchLoad,
  phases: ({ gateway: { 'evidence-api': evidence } }) => [
    warmUp('3s'),
    phase('steady', '11.5s'),
    phase('outage', times(2.2, evidence.breaker.recovery), status('evidence-api', 503)),
    phase('recovery', times(4, evidence.breaker.recovery)),
  ],
  claims: [claims.survivesOutageOf('evidence-api', { in: 'outage' })],
})
