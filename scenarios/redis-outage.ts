import { criteria, faults, phase, scenario, unharmed, warmUp } from '../src/index.ts'
import { gatewayOnRedis, load, upstreams } from './systems/compliance-reporting.ts'

export default scenario('redis-outage', {
  story:
    'The Redis that keeps all webhooks is killed for a while. The gateway says so, refuses what it could lose, forwards everything else as ' +
    'before, and has lost nothing that it accepted.',
  tags: ['compliance-reporting', 'process', 'services'],
  upstreams,
  gateway: gatewayOnRedis,
  load,
  phases: () => [warmUp('3s'), phase('steady', '12s'), phase('outage', '9s', faults.killed('redis')), phase('recovery', '12s')],
  criteria: [
    criteria.webhooks('webhook').conserved({ pendingAtMost: 20 }),
    criteria.webhooks('report').conserved({ pendingAtMost: 20 }),
    criteria.webhooks('webhook').deliveredOnce(),
    criteria.webhooks('webhook').refusedDuring('outage', { after: '2s' }),
    criteria.alerts('store_unreachable').startWithin('4s').of('outage'),
    criteria.alerts('store_unreachable').endWithin('6s').afterEndOf('outage'),
    criteria.alerts().noneFalse(),
    criteria.restoredWithin('6s').after('outage'),
    unharmed('evidence-api').comparedWith('steady'),
    unharmed('webhook-receiver').comparedWith('steady'),
  ],
})
