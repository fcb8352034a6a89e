import { breaker, criteria, errorRate, p95, phase, scenario, status, times, warmUp } from '../src/index.ts'
import { chatLoad, gateway, upstreams } from './systems/writing-assistant.ts'

export default scenario('git-best-effort', {
  story:
    'Git is down. After each chat a snapshot is tried, and its failure is logged; the chat was answered before, as quickly as ever and as well. When ' +
    'Git is back, snapshots are taken again.',
  tags: ['writing-assistant', 'services'],
  upstreams,
  gateway,
  load: chatLoad,
  phases: ({ gateway: { git } }) => [
    warmUp('3s'),
    phase('steady', '8s'),
    phase('outage', times(2, git.breaker.recovery), status('git', 503)),
    phase('recovery', times(2, git.breaker.recovery)),
  ],
  criteria: ({ gateway: { git } }) => [
    breaker('git').opensWithin('1s').of('outage'),
    errorRate().of('billing').during('outage').below('1%'),
    criteria.fallbacks('chroma').during('outage').below('1%'),
    p95().of('billing').during('outage').below('500ms'),
    criteria.unharmed('billing').comparedWith('steady'),
    breaker('git').recoversAfter(git.breaker.recovery, { atMost: times(1.5, git.breaker.recovery) }),
  ],
})
