import { claims, cut, phase, scenario, times, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/podcast.ts'

export default scenario('gemini-cut', {
  story:
    'The link to Gemini is cut: connections that exist are closed, new ones are refused. Nothing was ever sent, so anything may be tried again; ' +
    'the gateway soon stops trying, serves cached answers, and is back by itself.',
  tags: ['podcast-production', 'network'],
  upstreams,
  gateway,
  load,
  phases: ({ gateway: { gemini } }) => [
    warmUp('3s'),
    phase('steady', '11.5s'),
    phase('cut', times(2, gemini.breaker.recovery), cut('gemini')),
    phase('recovery', times(4, gemini.breaker.recovery)),
  ],
  claims: [claims.survivesBadNetworkTo('gemini', { in: 'cut' })],
})
