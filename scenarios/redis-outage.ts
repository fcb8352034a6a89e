import { criteria, faults, phase, scenario, unharmed, warmUp } from '../src/index.ts'
import { gatewayOnRedis, load, upstreams } from './systems/compliance-reporting.ts'

export default scenario('redis-outage', {
  story:
    'The Redis that keeps all webhooks is killed for a while; later the network swallows its answers. Each time the gateway says so, refuses ' +
    'what it could lose, forwards everything else as before, and has lost nothing that it accepted.',
  tags: ['compliance-reporting', 'network', 'process', 'services'],
  upstreams,
  gateway: gatewayOnRedis,
  load,
  phases: () => [
    warmUp('3s'),
    phase('steady', '12s'),
    phase('outage', '8s', faults.killed('redis')),
    phase('recovery', '10s'),
    phase('silence', '8s', faults.blackhole('redis')),
    phase('second recovery', '12s'),
  ],
  criteria: [
    criteria.webhooks('webhook').conserved({ pendingAtMost: 20 }),
    criteria.webhooks('report').conserved({ pendingAtMost: 20 }),
    criteria.webhooks('webhook').deliveredOnce(),
    ...['outage', 'silence'].flatMap((fault) => [
      criteria.webhooks('webhook').refusedDuring(fault, { after: '2s' }),
      criteria.alerts('store_unreachable').startWithin('4s').of(fault),
      criteria.alerts('store_unreachable').endWithin('6s').afterEndOf(fault),
      criteria.restoredWithin('6s').after(fault),
    ]),
    criteria.alerts().noneFalse(),
    unharmed('evidence-api').comparedWith('steady'),
    unharmed('webhook-receiver').comparedWith('steady'),
  ],
})
