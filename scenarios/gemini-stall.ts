import { breaker, errorRate, fastFail, phase, scenario, stall, times, unharmed, unsafeRetries, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/podcast.ts'

export default scenario('gemini-stall', {
  story:
    'The link to Gemini stalls: answers are on their way and do not arrive, until in the end all of them come at once. ' +
    'The gateway does not wait for them, and what comes late harms nobody.',
  upstreams,
  gateway,
  load,
  phases: ({ gateway: { gemini } }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('stall', times(2, gemini.breaker.recovery), stall('gemini')),
    phase('recovery', times(4, gemini.breaker.recovery)),
  ],
  criteria: ({ gateway: { gemini } }) => [
    unsafeRetries('gemini').none(),
    breaker('gemini').goes('closed', 'open', 'half_open', 'closed'),
    breaker('gemini').opensWithin(times(2, gemini.timeout.attempt)).of('stall'),
    breaker('gemini')
      .closesWithin(times(1.5, gemini.breaker.recovery) + gemini.timeout.attempt)
      .afterEndOf('stall'),
    fastFail('gemini').during('stall').below('250ms'),
    errorRate().during('stall').below('1%'),
    errorRate().during('recovery').below('0.1%'),
    unharmed('assemblyai').comparedWith('steady', { latencySlack: '100ms' }),
  ],
})
