import { claims, latency, phase, scenario, times, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/writing-assistant.ts'

export default scenario('git-slow', {
  story:
    'Git is the slowest client of all, and now it takes three times longer than even that client waits. It holds up nobody: users are told in ' +
    'time, and search, files and billing go on as before.',
  tags: ['writing-assistant'],
  upstreams,
  gateway,
  load: { ...load, timeout: '110s' },
  phases: ({ gateway: { git } }) => [
    warmUp('3s'),
    phase('steady', '11.5s'),
    phase('slow', times(2.5, git.breaker.recovery), latency('git', times(3, git.timeout.attempt))),
    phase('recovery', times(4, git.breaker.recovery)),
  ],
  claims: [claims.survivesSlownessOf('git', { in: 'slow' })],
})
