import { opensearch } from '../fake-upstreams/opensearch.ts'
import { atRate, criteria, errorRate, p95, perSecond, phase, scenario, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/shop.ts'

const { concurrency, goodputAfter } = criteria

export default scenario('noisy-neighbour', {
  story:
    'A crawler reads all products, six times what the shop asks of its search. The search gets no more at once than it can do; billing ' +
    'notices nothing, and searches are served again as soon as the crawler has gone.',
  tags: ['overload'],
  upstreams,
  gateway,
  load: { ...load, mix: [...load.mix, opensearch.getDocument({ weight: 6, during: ['crawl'] })] },
  phases: () => [warmUp('3s'), phase('steady', '10s'), atRate(perSecond(400), phase('crawl', '12s')), phase('after', '10s')],
  criteria: ({ gateway: { opensearch: search } }) => [
    errorRate().of('billing').during('crawl').below('2%'),
    p95().of('billing').during('crawl').below('250ms'),
    concurrency('opensearch').during('crawl').atMost(search.bulkhead.concurrent),
    goodputAfter('crawl').of('opensearch').within('2s').comparedWith('steady', { above: '90%' }),
  ],
})
