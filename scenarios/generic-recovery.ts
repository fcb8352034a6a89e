import { claims, phase, scenario, status, times, warmUp } from '../src/index.ts'
import { load, upstreams } from './systems/any-gateway.ts'

export default scenario('generic-recovery', {
  story:
    'Gemini fails twice, with a time between in which all is well. Each time users are served as before soon after it is back, ' +
    'and a breaker that there is waits as long as it is set to, no less and not for ever.',
  upstreams,
  load,
  phases: ({ gateway: { gemini } }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('first outage', times(1.5, gemini.breaker.recovery), status('gemini', 503)),
    phase('between', times(2.4, gemini.breaker.recovery)),
    phase('second outage', times(1.5, gemini.breaker.recovery), status('gemini', 503)),
    phase('recovery', times(3, gemini.breaker.recovery)),
  ],
  claims: [claims.recovers('gemini', { in: 'first outage' }), claims.recovers('gemini', { in: 'second outage' })],
})
