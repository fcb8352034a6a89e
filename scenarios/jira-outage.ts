import { breaker, claims, criteria, fastFail, phase, scenario, status, times, unsafeRetries, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/issue-assistant.ts'

export default scenario('jira-outage', {
  story:
    'Jira answers 503 to everything. After five failures within a minute it is left alone; what was read before is read from the cache, new ' +
    'issues are refused at once, Confluence and MongoDB do not notice, and two good probes bring Jira back.',
  tags: ['issue-assistant'],
  upstreams,
  gateway,
  load,
  phases: ({ gateway: { jira } }) => [
    warmUp('3s'),
    phase('steady', '15s'),
    phase('outage', times(2.5, jira.breaker.recovery), status('jira', 503)),
    phase('recovery', times(4, jira.breaker.recovery)),
  ],
  claims: [claims.isolates('jira', { in: 'outage' }), claims.recovers('jira', { in: 'outage' })],
  criteria: ({ gateway: { jira } }) => [
    breaker('jira').opensWithin('1s').of('outage'),
    fastFail('jira').during('outage').below('250ms'),
    criteria.retries('jira').during('outage').attemptsAtMost(jira.retry.attempts),
    unsafeRetries('jira').none(),
    criteria.fallbacks('jira').during('outage').marked(),
    criteria.fallbacks('jira').during('outage').above('50%'),
  ],
})
