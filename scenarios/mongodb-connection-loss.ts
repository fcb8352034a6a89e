import { criteria, errorRate, faults, phase, scenario, unharmed, unsafeRetries, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/issue-assistant.ts'

export default scenario('mongodb-connection-loss', {
  story:
    'One request in ten loses its connection to MongoDB. There is no breaker: what may be repeated is repeated and succeeds, a session is never ' +
    'created twice, and Jira and Confluence do not notice.',
  tags: ['issue-assistant'],
  upstreams,
  gateway,
  load,
  phases: () => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('loss', '20s', faults.disconnect('mongodb', { every: 10, attempts: 1 })),
    phase('after', '8s'),
  ],
  criteria: [
    unsafeRetries('mongodb').during('loss').none(),
    criteria.retries('mongodb').during('loss').attemptsAtMost(3),
    unharmed('jira').comparedWith('steady'),
    unharmed('confluence').comparedWith('steady', { latencyRatio: 2 }),
    errorRate().during('steady', 'after').below('1%'),
    // Only what may not be repeated is lost: a session created or updated, one in ten of two in five of the calls.
    errorRate().of('mongodb').during('loss').below('8%'),
  ],
})
