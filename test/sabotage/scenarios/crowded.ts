// More asks for the upstream than its bulkhead lets through.
import { breaker, criteria, latency, perSecond, phase, reference, scenario, warmUp } from '../../../src/index.ts'
import { mix, upstreams } from '../../../scenarios/systems/podcast.ts'

const policies = { timeout: { attempt: '2s', total: '3s' }, breaker: { failures: 5, recovery: '1s', recoveryGrowth: 1 } } as const

export default scenario('crowded', {
  story:
    'Gemini takes half a second for each answer. Ten are asked at once, the rest is refused at once, and the breaker has no part in it.',
  upstreams,
  gateway: reference({ gemini: { ...policies, bulkhead: { concurrent: 10 } }, assemblyai: policies }),
  load: { rate: perSecond(150), mix, timeout: '5s' },
  phases: () => [
    warmUp('1s'),
    phase('steady', '5s'),
    phase('crowded', '5s', latency('gemini', '500ms')),
    phase('settling', '1s'),
    phase('recovery', '5s'),
  ],
  criteria: [
    breaker('gemini').staysClosed(),
    criteria.concurrency('gemini').during('crowded', 'settling', 'recovery').atMost(10),
    criteria.goodput().during('recovery').above('95%'),
    criteria.unharmed('assemblyai').comparedWith('steady', { latencySlack: '100ms' }),
  ],
})
