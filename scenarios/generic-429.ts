import { claims, criteria, p95, phase, scenario, status, times, warmUp } from '../src/index.ts'
import { anyGateway } from './systems/any-gateway.ts'

export default scenario('generic-429', {
  story:
    'An upstream has had enough: it answers three requests in ten with 429 and asks to wait two seconds. Nothing is tried again before that, ' +
    'its neighbours do not notice, and everything is as before when it takes all requests again.',
  tags: ['generic'],
  example: anyGateway,
  phases: ({ upstream, policies }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('limited', '10s', status(upstream, 429, { share: 0.3, retryAfter: '2' })),
    // A gateway that counts a 429 as a failure may have opened its breaker.
    phase('settling', times(1.5, policies.breaker.recovery)),
    phase('recovery', '12s'),
  ],
  claims: ({ upstream }) => [claims.isolates(upstream, { in: 'limited' })],
  criteria: ({ upstream, policies }) => [
    criteria.retries(upstream).during('limited').honourRetryAfter(),
    criteria.retries(upstream).during('limited').attemptsAtMost(policies.retry.attempts),
    criteria.goodput().of(upstream).during('recovery').above('99%'),
    p95().of(upstream).during('recovery').below('500ms'),
  ],
})
