import { claims, faults, phase, scenario, times, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/issue-assistant.ts'

export default scenario('confluence-disconnects', {
  story:
    'The network resets every connection to Confluence. What may be repeated is repeated with care, then Confluence is left alone; pages that ' +
    'were read before come from the cache, and Jira and MongoDB do not notice.',
  tags: ['issue-assistant', 'network'],
  upstreams,
  gateway,
  load,
  phases: ({ gateway: { confluence } }) => [
    warmUp('3s'),
    phase('steady', '15s'),
    // What is under way when the connections are reset belongs to neither side.
    { ...phase('settling', '1s'), warmUp: true },
    phase('resets', times(2.5, confluence.breaker.recovery), faults.resets('confluence')),
    phase('recovery', times(4, confluence.breaker.recovery)),
  ],
  claims: [claims.survivesBadNetworkTo('confluence', { in: 'resets' })],
})
