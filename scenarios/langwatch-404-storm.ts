import { claims, criteria, phase, scenario, status, times, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/debug-toolkit.ts'

export default scenario('langwatch-404-storm', {
  story:
    'LangWatch answers 404 to everything, again and again. That once blocked the whole service: here three of them open the breaker, users ' +
    'get demo data that says so, Firestore does not notice, and LangWatch is asked again when its time is over.',
  tags: ['debug-toolkit'],
  upstreams,
  gateway,
  load,
  phases: ({ gateway: { langwatch } }) => [
    warmUp('3s'),
    phase('steady', '11.5s'),
    phase('storm', times(2, langwatch.breaker.recovery), status('langwatch', 404)),
    phase('recovery', times(4, langwatch.breaker.recovery)),
  ],
  claims: [claims.survivesOutageOf('langwatch', { in: 'storm' })],
  criteria: [
    criteria
      .answers('langwatch')
      .during('storm')
      .carry({ json: { demo: 'boolean' } }, { of: ['fallback'] }),
  ],
})
