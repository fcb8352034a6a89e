import { breaker, criteria, phase, scenario, status, times, unharmed, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/compliance-reporting.ts'

export default scenario('webhook-receiver-outage', {
  story:
    'The receiver of webhooks answers 503. Its breaker opens, somebody is alerted, and what is accepted meanwhile waits; once the receiver ' +
    'is back, everything is delivered, once, by itself.',
  tags: ['compliance-reporting', 'services'],
  upstreams,
  gateway,
  load,
  phases: ({ gateway: { 'webhook-receiver': receiver } }) => [
    warmUp('3s'),
    phase('steady', '12s'),
    phase('outage', times(3, receiver.breaker.recovery), status('webhook-receiver', 503)),
    phase('recovery', times(5, receiver.breaker.recovery)),
  ],
  criteria: [
    criteria.webhooks('webhook').conserved({ pendingAtMost: 20 }),
    criteria.webhooks('report').conserved({ pendingAtMost: 20 }),
    criteria.webhooks('webhook').deliveredOnce(),
    breaker('webhook-receiver').opensWithin('1s').of('outage'),
    criteria.alerts().startWithin('2s').of('outage'),
    criteria.alerts('breaker_open').endWithin('8s').afterEndOf('outage'),
    criteria.alerts().noneFalse(),
    criteria.restoredWithin('8s').after('outage'),
    unharmed('evidence-api').comparedWith('steady'),
  ],
})
