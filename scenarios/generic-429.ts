import { claims, criteria, p95, phase, scenario, status, times, warmUp } from '../src/index.ts'
import { load, upstreams } from './systems/any-gateway.ts'

export default scenario('generic-429', {
  story:
    'Gemini has had enough: it answers three requests in ten with 429 and asks to wait two seconds. Nothing is tried again before that, ' +
    'AssemblyAI does not notice, and everything is as before when Gemini takes all requests again.',
  upstreams,
  load,
  phases: ({ gateway: { gemini } }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('limited', '10s', status('gemini', 429, { share: 0.3, retryAfter: '2' })),
    // A gateway that counts a 429 as a failure may have opened its breaker.
    phase('settling', times(1.5, gemini.breaker.recovery)),
    phase('recovery', '12s'),
  ],
  claims: [claims.isolates('gemini', { in: 'limited' })],
  criteria: ({ gateway: { gemini } }) => [
    criteria.retries('gemini').during('limited').honourRetryAfter(),
    criteria.retries('gemini').during('limited').attemptsAtMost(gemini.retry.attempts),
    criteria.goodput().of('gemini').during('recovery').above('99%'),
    p95().of('gemini').during('recovery').below('500ms'),
  ],
})
