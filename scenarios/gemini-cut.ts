import { breaker, cut, errorRate, fastFail, phase, scenario, times, unharmed, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/podcast.ts'

export default scenario('gemini-cut', {
  story:
    'The link to Gemini is cut: connections that exist are closed, new ones are refused. Nothing was ever sent, so anything may be tried again; ' +
    'the gateway soon stops trying, serves cached answers, and is back by itself.',
  upstreams,
  gateway,
  load,
  phases: ({ gateway: { gemini } }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('cut', times(2, gemini.breaker.recovery), cut('gemini')),
    phase('recovery', times(4, gemini.breaker.recovery)),
  ],
  criteria: ({ gateway: { gemini } }) => [
    breaker('gemini').goes('closed', 'open', 'half_open', 'closed'),
    breaker('gemini').opensWithin('1s').of('cut'),
    breaker('gemini').closesWithin(times(1.5, gemini.breaker.recovery)).afterEndOf('cut'),
    fastFail('gemini').during('cut').below('250ms'),
    errorRate().during('cut').below('1%'),
    errorRate().during('recovery').below('0.1%'),
    unharmed('assemblyai').comparedWith('steady', { latencySlack: '100ms' }),
  ],
})
