import { claims, latency, p95, phase, scenario, times, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/issue-assistant.ts'

export default scenario('jira-slow-search', {
  story:
    'Searches in Jira take three times longer than the gateway waits; everything else of Jira is quick. Users are told something in time, ' +
    'and Confluence and MongoDB do not notice.',
  tags: ['issue-assistant'],
  upstreams,
  gateway,
  load: { ...load, timeout: '40s' },
  phases: ({ gateway: { jira } }) => [
    warmUp('3s'),
    phase('steady', '15s'),
    phase('slow', times(2.5, jira.breaker.recovery), latency('jira', times(3, jira.timeout.attempt), { routes: ['search'] })),
    phase('recovery', times(4, jira.breaker.recovery)),
  ],
  claims: [claims.isolates('jira', { in: 'slow' })],
  criteria: ({ gateway: { jira } }) => [
    p95().of('jira').during('slow').counting('ok', 'fallback', 'rejected', 'timeout').below(times(2, jira.timeout.attempt)),
  ],
})
