import { amplification, breaker, criteria, faults, latency, p95, phase, reference, scenario, status, times, warmUp } from '../src/index.ts'
import { opensearch } from '../fake-upstreams/opensearch.ts'
import { load } from './systems/product-search.ts'

const { concurrency, goodputAfter } = criteria

export default scenario('thundering-herd', {
  story:
    'The search is down, and comes back with cold caches: one worker at first, all of them after six seconds. One request at a time asks ' +
    'whether it is back; then it gets no more at once than it can do, and not what it could not do before a second time.',
  tags: ['overload'],
  upstreams: { opensearch },
  gateway: reference({
    opensearch: {
      timeout: { attempt: '500ms', total: '1200ms' },
      breaker: { failures: 10, recovery: '3s', recoveryGrowth: 1 },
      retry: { attempts: 3, base: '50ms', budget: { ratio: 0.1, window: '5s' } },
      bulkhead: { concurrent: 5, queue: 10 },
    },
  }),
  load,
  phases: ({ gateway: { opensearch: search } }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    // It takes its time to fail, so that more than one probe would be seen.
    phase('outage', times(3, search.breaker.recovery), status('opensearch', 503), latency('opensearch', '250ms')),
    phase('cold', '8s', faults.slowStart('opensearch', { workers: 5, over: '6s' })),
    phase('warm', '10s'),
  ],
  criteria: ({ gateway: { opensearch: search } }) => [
    breaker('opensearch').opensWithin('2s').of('outage'),
    breaker('opensearch').probesAtMost(search.breaker.probes),
    amplification('opensearch').during('cold').below(1.5),
    concurrency('opensearch').during('cold').atMost(search.bulkhead.concurrent),
    goodputAfter('cold').of('opensearch').within('2s').comparedWith('steady', { above: '90%' }),
    p95().during('warm').below('400ms'),
  ],
})
