import { blackhole, breaker, errorRate, fastFail, p95, phase, scenario, times, unharmed, unsafeRetries, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/podcast.ts'

export default scenario('gemini-blackhole', {
  story:
    'The network swallows every answer from Gemini while connections stay up. Only timeouts can notice: ' +
    'the breaker opens soon after the first ones, cached answers are served, and traffic returns when the network does.',
  upstreams,
  gateway,
  load,
  phases: ({ gateway: { gemini } }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('blackhole', times(2, gemini.breaker.recovery), blackhole('gemini')),
    phase('recovery', times(4, gemini.breaker.recovery)),
  ],
  criteria: ({ gateway: { gemini } }) => [
    unsafeRetries('gemini').none(),
    breaker('gemini').goes('closed', 'open', 'half_open', 'closed'),
    breaker('gemini').opensWithin(times(2, gemini.timeout.attempt)).of('blackhole'),
    // A probe that began in the blackhole may have to time out first.
    breaker('gemini')
      .closesWithin(times(1.5, gemini.breaker.recovery) + gemini.timeout.attempt)
      .afterEndOf('blackhole'),
    fastFail('gemini').during('blackhole').below('250ms'),
    errorRate().during('blackhole').below('1%'),
    errorRate().during('recovery').below('0.1%'),
    p95().of('gemini').during('steady').below('500ms'),
    unharmed('assemblyai').comparedWith('steady', { latencySlack: '100ms' }),
  ],
})
