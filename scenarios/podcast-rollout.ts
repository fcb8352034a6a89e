import { amplification, atRate, breaker, criteria, errorRate, p95, perSecond, phase, scenario, times, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/podcast-production.ts'

const { startPerSecond: whole } = load.rate
const steps = ['10 percent', '50 percent', '100 percent']
const last = '100 percent'

export default scenario('podcast-rollout', {
  story:
    'The gateway takes a tenth of the traffic, then half of it, then all. Each step must hold before the next: answers within two seconds, no ' +
    'breaker that opens, fewer than one operation in a hundred that fails; of all traffic fewer than one request in a thousand.',
  tags: ['podcast-production', 'rollout'],
  upstreams,
  gateway,
  load,
  // Long enough at each rate to prove what is claimed; in production each step is watched for minutes.
  phases: ({ gateway: { gcs } }) => [
    warmUp('3s'),
    atRate(perSecond(whole / 10), phase('10 percent', times(5.3, gcs.breaker.recovery))),
    atRate(perSecond(whole / 2), phase('50 percent', times(1.1, gcs.breaker.recovery))),
    phase(last, times(4.8, gcs.breaker.recovery)),
  ],
  criteria: [
    ...steps.flatMap((step) => [
      p95().during(step).below('2s'),
      errorRate().during(step).below('1%'),
      // An episode that got a stand-in is not made.
      criteria.failedOperations().during(step).below('1%'),
    ]),
    errorRate().during(last).below('0.1%'),
    ...Object.keys(upstreams).flatMap((name) => [breaker(name).staysClosed(), amplification(name).during(last).below(1.1)]),
  ],
})
