import { breaker, criteria, errorRate, phase, scenario, status, times, unharmed, warmUp } from '../src/index.ts'
import { gatewayCountingCalls, load, upstreams } from './systems/writing-assistant.ts'

export default scenario('counts-calls', {
  story:
    'Git fails twice before it answers, and only calls count: each is answered in the end, so its breaker stays closed however many attempts ' +
    'fail. When nothing is answered any more, five calls of three attempts each open it.',
  tags: ['writing-assistant'],
  upstreams,
  gateway: gatewayCountingCalls,
  // A snapshot is taken by POST, which is tried once: there a call and its attempt are the same.
  load: { ...load, mix: load.mix.filter(({ route }) => route !== 'git.createSnapshot') },
  phases: ({ gateway: { git } }) => [
    warmUp('3s'),
    phase('steady', '11.5s'),
    phase('stutter', '15s', status('git', 503, { attempts: 2 })),
    // Third attempts of the last calls.
    phase('between', '4s'),
    phase('outage', times(2, git.breaker.recovery), status('git', 503)),
    phase('recovery', times(2, git.breaker.recovery)),
  ],
  criteria: ({ gateway: { git } }) => [
    breaker('git').staysClosed('stutter'),
    errorRate().of('git').during('stutter').below('2%'),
    criteria.retries('git').during('stutter').attemptsAtMost(git.retry.attempts),
    // With jitter a wait may be as short as can be.
    ...(git.retry.jitter === 'none' ? [criteria.retries('git').during('stutter').spacedAtLeast(git.retry.base)] : []),
    breaker('git').opensWithin(times(2, git.timeout.attempt)).of('outage'),
    breaker('git').goes('closed', 'open', 'half_open', 'closed'),
    unharmed('chroma').comparedWith('steady'),
    unharmed('billing').comparedWith('steady'),
  ],
})
