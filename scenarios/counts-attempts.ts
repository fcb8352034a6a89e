import { breaker, fastFail, phase, scenario, status, times, unharmed, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/writing-assistant.ts'

export default scenario('counts-attempts', {
  story:
    'Git fails, and each attempt counts: two calls of three attempts are enough to open its breaker, and the second one is not tried to its end. ' +
    'An open breaker refuses at once and repeats nothing.',
  tags: ['writing-assistant'],
  upstreams,
  gateway,
  // A snapshot is taken by POST, which is tried once: there a call and its attempt are the same.
  load: { ...load, mix: load.mix.filter(({ route }) => route !== 'git.createSnapshot') },
  phases: ({ gateway: { git } }) => [
    warmUp('3s'),
    phase('steady', '11.5s'),
    phase('outage', times(2, git.breaker.recovery), status('git', 503)),
    phase('recovery', times(2, git.breaker.recovery)),
  ],
  criteria: ({ gateway: { git } }) => [
    breaker('git').opensWithin('400ms').of('outage'),
    breaker('git').goes('closed', 'open', 'half_open', 'closed'),
    breaker('git').probesAtMost(1),
    breaker('git').recoversAfter(git.breaker.recovery, { atMost: times(1.5, git.breaker.recovery) }),
    fastFail('git').during('outage').below('250ms'),
    unharmed('chroma').comparedWith('steady'),
    unharmed('billing').comparedWith('steady'),
  ],
})
