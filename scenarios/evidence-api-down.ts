import { criteria, phase, scenario, status, times, unharmed, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/compliance-reporting.ts'

export default scenario('evidence-api-down', {
  story:
    'The service that has the evidence answers 503. A report that needs evidence is refused at once, before anything is done for it; webhooks ' +
    'that need none are delivered as before. Nothing of it becomes a dead letter.',
  tags: ['compliance-reporting', 'services'],
  upstreams,
  gateway,
  load,
  phases: ({ gateway: { 'evidence-api': evidence } }) => [
    warmUp('3s'),
    phase('steady', '12s'),
    phase('outage', times(3, evidence.breaker.recovery), status('evidence-api', 503)),
    phase('recovery', times(5, evidence.breaker.recovery)),
  ],
  criteria: [
    criteria.webhooks('report').refusedDuring('outage', { after: '2s' }),
    criteria.webhooks('report').conserved({ pendingAtMost: 20 }),
    criteria.webhooks('webhook').conserved({ pendingAtMost: 20 }),
    criteria.alerts().startWithin('2s').of('outage'),
    criteria.alerts().noneFalse(),
    criteria.restoredWithin('8s').after('outage'),
    unharmed('webhook-receiver').comparedWith('steady'),
  ],
})
