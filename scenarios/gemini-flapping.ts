import { claims, cut, errorRate, flapping, perSecond, phase, scenario, times, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/podcast.ts'

export default scenario('gemini-flapping', {
  story:
    'The link to Gemini comes and goes every two seconds, faster than the breaker recovers. Users get answers all the time, ' +
    'Gemini is not hammered whenever it comes up, and in the end the breaker finds out that it stays.',
  tags: ['podcast-production', 'network'],
  upstreams,
  gateway,
  load: { ...load, rate: perSecond(220) },
  phases: ({ gateway: { gemini } }) => [
    warmUp('3s'),
    phase('steady', '13.5s'),
    ...flapping('flap', 3, { bad: '2s', good: '2s' }, cut('gemini')),
    phase('recovery', times(4.6, gemini.breaker.recovery)),
  ],
  claims: [claims.survivesBadNetworkTo('gemini', { in: ['flap 1 bad', 'flap 2 bad', 'flap 3 bad'] })],
  criteria: [errorRate().during('flap 1 good', 'flap 2 good', 'flap 3 good').below('1%')],
})
