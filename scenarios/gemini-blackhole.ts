import { blackhole, claims, phase, scenario, times, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/podcast.ts'

export default scenario('gemini-blackhole', {
  story:
    'The network swallows every answer from Gemini while connections stay up. Only timeouts can notice: ' +
    'the breaker opens soon after the first ones, cached answers are served, and traffic returns when the network does.',
  tags: ['podcast-production', 'network'],
  upstreams,
  gateway,
  load,
  phases: ({ gateway: { gemini } }) => [
    warmUp('3s'),
    phase('steady', '11.5s'),
    phase('blackhole', times(2, gemini.breaker.recovery), blackhole('gemini')),
    phase('recovery', times(4, gemini.breaker.recovery)),
  ],
  claims: [claims.survivesBadNetworkTo('gemini', { in: 'blackhole' })],
})
