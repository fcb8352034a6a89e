import { amplification, criteria, errorRate, latency, phase, scenario, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/product-search.ts'

const { goodputAfter, retries } = criteria

export default scenario('retry-storm', {
  story:
    'Searches are slow for three seconds, and time out. Few of them are asked for again, as the budget has it, so that the storm ends ' +
    'with its cause: three attempts for each would be more than the search can do even when it is quick again.',
  tags: ['overload'],
  upstreams,
  gateway,
  load,
  phases: () => [warmUp('3s'), phase('steady', '12s'), phase('slow', '3s', latency('opensearch', '160ms')), phase('after', '22s')],
  criteria: ({ gateway: { opensearch } }) => [
    errorRate().during('steady').below('2%'),
    amplification('opensearch').during('slow', 'after').below(1.5),
    goodputAfter('slow').of('opensearch').within('8s').comparedWith('steady', { above: '90%' }),
    retries('opensearch').attemptsAtMost(opensearch.retry.attempts),
  ],
})
