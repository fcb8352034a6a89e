import { criteria, faults, phase, scenario, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/compliance-reporting.ts'

export default scenario('gateway-restart', {
  story:
    'The gateway is killed (SIGKILL) in the middle of its deliveries, and started again. Every webhook that it had accepted is still known, ' +
    'and delivered; none comes again that its receiver had taken, but for those under way at the kill.',
  tags: ['compliance-reporting', 'process', 'services'],
  upstreams,
  gateway,
  load,
  phases: () => [
    warmUp('3s'),
    phase('steady', '6s'),
    phase('death', '1s', faults.killed('gateway')),
    phase('between', '4s'),
    phase('second death', '1s', faults.killed('gateway')),
    phase('recovery', '10s'),
  ],
  criteria: [
    criteria.webhooks('webhook').conserved({ pendingAtMost: 20 }),
    criteria.webhooks('report').conserved({ pendingAtMost: 20 }),
    criteria.webhooks('webhook').outliveRestart(),
    criteria.webhooks('webhook').deliveredOnce(),
    criteria.restoredWithin('4s').after('second death'),
  ],
})
