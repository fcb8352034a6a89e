import { breaker, criteria, errorRate, phase, scenario, status, unharmed, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/issue-assistant.ts'

export default scenario('jira-404-is-no-failure', {
  story:
    'Users ask Jira for issues that are not there: every second answer is a 404. That is their own affair. The breaker stays closed, nothing ' +
    'is repeated, and everybody else is served as before.',
  tags: ['issue-assistant'],
  upstreams,
  gateway,
  load,
  phases: () => [
    warmUp('3s'),
    phase('steady', '12s'),
    phase('not found', '12s', status('jira', 404, { every: 2, routes: ['getIssue'] })),
    phase('after', '6s'),
  ],
  criteria: [
    breaker('jira').staysClosed(),
    criteria.retries('jira').during('not found').notAfter(404),
    // One search in twenty takes more than twice as long as the median: two hundred of them tell no smaller change.
    unharmed('confluence').comparedWith('steady', { latencyRatio: 2 }),
    unharmed('mongodb').comparedWith('steady'),
    errorRate().during('steady', 'after').below('1%'),
  ],
})
