import { claims, phase, scenario, status, times, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/podcast.ts'

export default scenario('gemini-outage', {
  story:
    'Gemini fails now and then, and after that answers 503 to everything. The gateway repeats only what may be repeated, ' +
    'then fails fast, serves cached answers, probes, and recovers by itself; AssemblyAI does not notice.',
  tags: ['podcast-production'],
  upstreams,
  gateway,
  load,
  phases: ({ gateway: { gemini } }) => [
    warmUp('3s'),
    phase('steady', '11.5s'),
    phase('outage', times(2, gemini.breaker.recovery), status('gemini', 503)),
    phase('recovery', times(4, gemini.breaker.recovery)),
  ],
  claims: [claims.survivesOutageOf('gemini', { in: 'outage' })],
})
