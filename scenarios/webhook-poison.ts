import { breaker, criteria, faults, phase, scenario, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/compliance-reporting.ts'

export default scenario('webhook-poison', {
  story:
    'A fifth of all deliveries is refused as wrong (422). They are never sent again: each is a dead letter with its reason, and the growth of ' +
    'these raises an alert. All others are delivered as before.',
  tags: ['compliance-reporting', 'services'],
  upstreams,
  gateway,
  load,
  phases: () => [
    warmUp('3s'),
    phase('steady', '6s'),
    phase('poison', '8s', faults.status('webhook-receiver', 422, { routes: ['deliver'], share: 0.2 })),
    phase('after', '6s'),
  ],
  criteria: [
    criteria.webhooks('webhook').conserved({ pendingAtMost: 20 }),
    criteria.webhooks('webhook').notAfterRefusal(),
    criteria.webhooks('webhook').deliveredOnce(),
    criteria.alerts('dead_letters_growing').startWithin('3s').of('poison'),
    criteria.alerts().noneFalse(),
    breaker('webhook-receiver').staysClosed(),
  ],
})
