import { criteria, errorRate, faults, phase, scenario, unharmed, warmUp } from '../src/index.ts'
import { loadWithCopies, syncingOnRedis, upstreams } from './systems/debug-toolkit.ts'

export default scenario('database-disconnects', {
  story:
    'The database of the copies is disconnected again and again, in the middle of batches: each is written again, as a whole, and nobody notices. ' +
    'Then it is away: runs fail, which is told, nothing is half written, and the copies are new again without a hand. No connection is left over.',
  tags: ['debug-toolkit', 'network', 'services'],
  upstreams,
  gateway: syncingOnRedis,
  // Where nothing else uses the connection, each is cut in the middle of a batch.
  load: loadWithCopies('steady', 'between', 'recovery'),
  phases: () => [
    warmUp('3s'),
    phase('steady', '8s'),
    // More than two batches, and less than three: the connection ends in the middle of one.
    phase('disconnects', '12s', faults.toxic('redis', 'limit_data', { bytes: 8000 }, { stream: 'upstream' })),
    phase('between', '3s'),
    phase('outage', '6s', faults.cut('redis')),
    phase('recovery', '10s'),
  ],
  criteria: [
    criteria.alerts('part_degraded').stayOffDuring('disconnects'),
    criteria.alerts('part_degraded').startWithin('4s').of('outage'),
    criteria.alerts('part_degraded').endWithin('5s').afterEndOf('outage'),
    criteria.alerts().noneFalse(),
    criteria.restoredWithin('4s').after('outage'),
    errorRate().during('steady', 'between', 'recovery').below('1%'),
    criteria.growth({ from: 'steady', to: 'recovery' }).descriptorsBelow(20),
    unharmed('langwatch').comparedWith('steady'),
    unharmed('firestore').comparedWith('steady'),
  ],
})
