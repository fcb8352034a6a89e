import { criteria, faults, phase, scenario, unharmed, warmUp } from '../src/index.ts'
import { load, syncingGateway, upstreams } from './systems/debug-toolkit.ts'

export default scenario('sync-survives', {
  story:
    'Firestore answers 503 for a while, so that runs of the synchronisation fail, one after the other. The gateway says that its copies are ' +
    'old. Once Firestore is back, the next run is good again without a hand; LangWatch does not notice anything.',
  tags: ['debug-toolkit', 'services'],
  upstreams,
  gateway: syncingGateway,
  load,
  phases: () => [warmUp('3s'), phase('steady', '12s'), phase('outage', '9s', faults.status('firestore', 503)), phase('recovery', '12s')],
  criteria: [
    criteria.alerts('part_degraded').startWithin('4s').of('outage'),
    criteria.alerts('part_degraded').endWithin('5s').afterEndOf('outage'),
    criteria.alerts().noneFalse(),
    criteria.restoredWithin('4s').after('outage'),
    unharmed('langwatch').comparedWith('steady'),
  ],
})
