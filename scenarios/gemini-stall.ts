import { claims, phase, scenario, stall, times, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/podcast.ts'

export default scenario('gemini-stall', {
  story:
    'The link to Gemini stalls: answers are on their way and do not arrive, until in the end all of them come at once. ' +
    'The gateway does not wait for them, and what comes late harms nobody.',
  tags: ['podcast-production', 'network'],
  upstreams,
  gateway,
  load,
  phases: ({ gateway: { gemini } }) => [
    warmUp('3s'),
    phase('steady', '11.5s'),
    phase('stall', times(2, gemini.breaker.recovery), stall('gemini')),
    phase('recovery', times(4, gemini.breaker.recovery)),
  ],
  claims: [claims.survivesBadNetworkTo('gemini', { in: 'stall' })],
})
